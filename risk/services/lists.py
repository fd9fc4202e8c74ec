"""Lists that conditions refer to: made, changed by a new version, approved by a second analyst."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from lib.spelling import plain_plate, searched, searched_container
from lib.violations import Conflict, Rejected, Violation, refuse
from risk.models import RiskList, RiskListVersion
from risk.models.lists import MOST_ENTRIES
from risk.services.criteria import nothing_newer, one_at_a_time
from tariffs.selectors import known_codes, territory

_Kind = RiskList.Kind
_SPELLINGS: Mapping[str, Callable[[str], str]] = {
    _Kind.COMMODITY: searched_container, _Kind.CONTAINER: searched_container, _Kind.PLATE: plain_plate,
    _Kind.TRADER: searched, _Kind.COUNTRY: searched, _Kind.OFFICE: searched, _Kind.DOCUMENT: searched,
}  # fmt: skip
LONGEST_ENTRY = 80


@dataclass(frozen=True)
class ListDraft:
    """What an analyst wrote: a list, before it is judged. `entries` as typed."""

    code: str
    kind: str
    name: str
    name_ru: str = ""
    name_tg: str = ""
    entries: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def make_list(draft: ListDraft, *, valid_from: date, note: str, on: date, at: datetime, by: User) -> RiskListVersion:
    """A list with its first version, which holds once a second analyst has approved it.

    Raises Rejected: K065 code, kind or name; K066 entries.
    """
    one_at_a_time()
    faults = list(_of_list(draft))
    entries = entries_of(draft.kind, draft.entries)
    faults += _of_entries(draft.kind, entries, on=on)
    if faults:
        raise Rejected(faults)
    names = {"name": draft.name.strip(), "name_ru": draft.name_ru, "name_tg": draft.name_tg}
    made = RiskList.objects.create(code=draft.code.strip().upper(), kind=draft.kind, made_at=at, **names)
    return _version(made, 1, entries, valid_from=valid_from, note=note, at=at, by=by)


@transaction.atomic
def change_list(
    listed: RiskList, *, entries: Sequence[str], valid_from: date, note: str, on: date, at: datetime, by: User,
    seen: int | None = None,
) -> RiskListVersion:  # fmt: skip
    """A further version of a list; the one before holds until this one is approved and its day has come.

    One that was never approved is passed over. `seen` is the number of the newest version that the writer knows of
    (None: of all). Raises Rejected: K066 entries, K056 without a word on what and why, K103 (Conflict) another version
    was made since.
    """
    one_at_a_time()
    locked = RiskList.objects.select_for_update().get(pk=listed.pk)
    newest = RiskListVersion.objects.filter(listed=locked).select_related("made_by").order_by("-number").first()
    if newest is not None:
        nothing_newer(seen, newest.number, by=newest.made_by)
    kept = entries_of(locked.kind, entries)
    if faults := _of_entries(locked.kind, kept, on=on):
        raise Rejected(faults)
    if not note.strip():
        raise refuse("K056", "note", _("Say what was changed and why."))
    number = newest.number + 1 if newest is not None else 1
    return _version(locked, number, kept, valid_from=valid_from, note=note, at=at, by=by)


@transaction.atomic
def approve_list(version: RiskListVersion, *, on: date, at: datetime, by: User) -> RiskListVersion:
    """Let a version hold from its day, or from today if that is past: the word of another analyst than its maker.

    Raises Rejected: K069 it is one's own, K067 (Conflict) somebody was faster.
    """
    one_at_a_time()
    locked: RiskListVersion = RiskListVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if locked.approved_by_id is not None:
        raise Conflict([Violation("K067", "", _("This version is approved already."))])
    if RiskListVersion.objects.filter(listed=locked.listed_id, number__gt=locked.number).exists():
        raise Conflict([Violation("K067", "", _("There is a later version of the list. Look at that one."))])
    if locked.made_by_id == by.pk:
        raise refuse("K069", "", _("Another analyst has to approve it: you made this version yourself."))
    locked.approved_by, locked.approved_at = by, at
    locked.valid_from = max(locked.valid_from, on)
    locked.save(update_fields=["approved_by", "approved_at", "valid_from"])
    return locked


def entries_of(kind: str, texts: Sequence[str]) -> list[str]:
    """Entries in the spelling in which declarations keep them, each once, in order."""
    spelling = _SPELLINGS.get(kind, str)
    spelt = (spelling(text.strip().upper()) for text in texts)
    return sorted({text for text in spelt if text})


def _version(
    listed: RiskList, number: int, entries: Sequence[str], *, valid_from: date, note: str, at: datetime, by: User
) -> RiskListVersion:
    made: RiskListVersion = RiskListVersion.objects.create(
        listed=listed, number=number, entries=list(entries), valid_from=valid_from, note=note.strip()[:500],
        made_at=at, made_by=by,
    )  # fmt: skip
    return made


def _of_list(draft: ListDraft) -> list[Violation]:
    code = draft.code.strip().upper()
    faults = []
    if not code or not code.isascii() or len(code) > 20 or any(sign in code for sign in " ,;"):
        sentence = _("A list has a short code of Latin letters, digits and dashes, such as RISKY-TEA.")
        faults.append(Violation("K065", "code", sentence))
    elif RiskList.objects.filter(code=code).exists():
        faults.append(Violation("K065", "code", _("There is a list with this code: change it.")))
    if draft.kind not in _Kind.values:
        faults.append(Violation("K065", "kind", _("Say what the list holds.")))
    if not draft.name.strip():
        faults.append(Violation("K065", "name", _("The list has no name. Say in a few words what stands in it.")))
    return faults


def _of_entries(kind: str, entries: Sequence[str], *, on: date) -> list[Violation]:
    if not entries:
        return [Violation("K066", "entries", _("The list is empty. Write at least one entry."))]
    if len(entries) > MOST_ENTRIES:
        return [Violation("K066", "entries", _("A list holds at most %s entries.") % MOST_ENTRIES)]
    if wrong := _wrong(kind, entries, on=on):
        sentence = _("These cannot stand in this list: %s.") % ", ".join(wrong[:10])
        return [Violation("K066", "entries", sentence)]
    return []


def _wrong(kind: str, entries: Sequence[str], *, on: date) -> list[str]:
    if kind == _Kind.COMMODITY:
        most = territory().commodity_code_length
        return [text for text in entries if not (text.isascii() and text.isdigit() and 2 <= len(text) <= most)]
    if kind in (_Kind.COUNTRY, _Kind.OFFICE, _Kind.DOCUMENT):
        codes = known_codes(kind, on=on)
        return [text for text in entries if codes and text not in codes]
    return [text for text in entries if len(text) > LONGEST_ENTRY]
