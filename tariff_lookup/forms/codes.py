"""A field for one code of a list, shown with its name; what is typed and not in the list stays in sight."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, cast

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from lib.spelling import searched


class CodeSelect(forms.Select):
    """A select whose options are written in one go: twenty items have five thousand of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = "".join(
            f'<option value="{escape(code)}"{" selected" if code == chosen else ""}>{escape(str(text))}</option>'
            for code, text in cast(Iterable[tuple[str, Any]], self.choices)
        )
        attributes = flatatt(self.build_attrs({**self.attrs, "name": name}, attrs))
        return format_html("<select{}>{}</select>", attributes, mark_safe(options))  # noqa: S308 - escaped above


class CodeField(forms.ChoiceField):
    """One code of a list, in capitals or not."""

    widget = CodeSelect
    default_error_messages = {"invalid_choice": _("“%(value)s” is not in the list.")}

    def __init__(self, *, unknown: Any = "", **options: Any) -> None:
        super().__init__(error_messages={"invalid_choice": unknown} if unknown else None, **options)
        self.codes: frozenset[str] = frozenset()

    def offer(self, choices: Sequence[tuple[str, Any]], *, typed: str = "", also: Iterable[str] = ()) -> None:
        """Show `choices`, and what was typed although it is none; codes in `also` are taken without being shown."""
        shown = {code for code, _name in choices}
        self.codes = frozenset({*shown, *also})
        code = self.to_python(typed)
        self.choices = choices if not code or code in shown else [*choices, (code, code)]

    def to_python(self, value: Any) -> str:
        return searched(str(value or ""))[:20]

    def bound_data(self, data: Any, initial: Any) -> str:
        return self.to_python(data)

    def valid_value(self, value: Any) -> bool:
        return value in self.codes
