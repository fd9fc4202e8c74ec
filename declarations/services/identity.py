"""What makes a lodged declaration the one it is: no amendment changes it, whatever door it comes through."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from declarations.models import Declaration
from declarations.services.content import DocumentRead
from lib.violations import Rejected, Violation

UNCHANGED = ("lrn", "declaration_type", "office_code", "declarant_code")
_SAME_FILE = ("mrn", "customs_number")
OTHER_FILE = "S014"


def standing_in(old: Declaration, data: Mapping[str, Any]) -> dict[str, Any]:
    """The document as it was lodged: what it leaves open of the fields that stand is as it was."""
    standing = (*UNCHANGED, "declarant_name")
    return {**data, **{name: getattr(old, name) for name in standing if not data.get(name)}}


def judge_identity(old: Declaration, read: DocumentRead, data: Mapping[str, Any]) -> None:
    """Raise Rejected (S014) if the document that is to take the place of `old` is that of another declaration."""
    changed = [name for name in UNCHANGED if read.header.values[name] != getattr(old, name)]
    changed += [name for name in _SAME_FILE if data.get(name) not in (None, "", getattr(old, name))]
    if changed:
        raise Rejected([Violation(OTHER_FILE, name, not_amended()) for name in changed])


def not_amended() -> str:
    """The sentence to whoever tries."""
    return _("An amendment cannot change this. Cancel the declaration and lodge a new one.")
