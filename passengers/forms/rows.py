"""A list of forms of one kind: those that are kept, one empty one more, and those that are taken away."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

MOST = 60


class Rows:
    """Rows of a question. Without JavaScript: a button saves and shows one row more, a tick takes a row away."""

    def __init__(
        self,
        make: Callable[..., forms.Form],
        *,
        prefix: str,
        kept: Sequence[Mapping[str, Any]] = (),
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        least: int = 1,
        more: bool = False,
    ) -> None:
        self.prefix = prefix
        if data is None:
            count = min(max(len(kept) + more, least), MOST)
            self.forms = [
                make(prefix=f"{prefix}-{place}", initial=kept[place] if place < len(kept) else None)
                for place in range(count)
            ]
            return
        count = min(int(text) if (text := str(data.get(f"{prefix}-count", "0"))).isdecimal() else 0, MOST)
        self.forms = [
            make(data=data, files=files, prefix=f"{prefix}-{place}", initial=kept[place] if place < len(kept) else None)
            for place in range(count)
        ]

    @property
    def count(self) -> int:
        return len(self.forms)

    def is_taken_away(self, form: forms.Form) -> bool:
        return bool(form.data.get(f"{form.prefix}-away"))

    def used(self) -> list[forms.Form]:
        """Forms in which something was typed and that were not taken away."""
        return [form for form in self.forms if not self.is_taken_away(form) and self._says_something(form)]

    def is_valid(self) -> bool:
        faults = [form.errors for form in self.used()]  # every form is judged, so that every fault is shown
        return not any(faults)

    def _says_something(self, form: forms.Form) -> bool:
        """What goes without saying, a choice or a currency that stands there already, says nothing."""
        quiet = getattr(form, "quiet", ())
        return any(form[name].value() not in (None, "", False, []) for name in form.fields if name not in quiet)
