"""JSON bodies read exactly: a number keeps the digits it was written with, no float on the way."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from lib.numbers import ProgramNumber

_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_NOWHERE = re.compile("[\x00\ud800-\udfff]")


class StorableJSONParser(JSONParser):
    """As DRF's parser, but without what no database keeps."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return _storable(super().parse(stream, media_type, parser_context))
        except RecursionError as error:
            raise ParseError(_("The body is not JSON: {fault}").format(fault=error)) from error


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
            read = json.loads(text, parse_float=ProgramNumber, parse_int=ProgramNumber, parse_constant=_refuse)
        except (ValueError, LookupError, RecursionError) as error:
            raise ParseError(_("The body is not JSON: {fault}").format(fault=error)) from error
        return _storable(read) if _ESCAPED.search(text) else read


def _storable(value: Any) -> Any:
    """Without what no database keeps: characters of zero and halves of characters, which only escapes can write."""
    if isinstance(value, ProgramNumber):
        return value
    if isinstance(value, str):
        return _NOWHERE.sub("", value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")
