"""JSON bodies read exactly: a number keeps the digits it was written with, no float on the way."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from lib.numbers import ProgramNumber


class ExactJSONParser(JSONParser):
    """As DRF's parser, but a number arrives as the text it was written in, marked as a number.

    NaN and Infinity are refused.
    """

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            text = stream.read().decode(encoding)
            return json.loads(text, parse_float=ProgramNumber, parse_int=ProgramNumber, parse_constant=_refuse)
        except (ValueError, LookupError, RecursionError) as error:
            raise ParseError(_("The body is not JSON: {fault}").format(fault=error)) from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")
