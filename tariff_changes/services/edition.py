"""A new edition of the Harmonized System: its table and the correlation of old and new codes become rows of a draft.

New lines are created, vanished ones end with everything below them, changed names are replaced. The law of a vanished
or split code is carried to its new codes where all old codes that flow into one agree (see `carrying`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from lib.sheets import Expected, Faults, Sheet, read_sheet
from lib.violations import Rejected, Violation
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.selectors.law_texts import texts_of
from tariff_changes.services.carrying import Carrying
from tariff_changes.services.difference import Difference
from tariff_changes.services.rows import created, ended, replaced
from tariffs.columns import LAW
from tariffs.models import Commodity
from tariffs.selectors import territory

HS_DIGITS = 6
TEXTS = ("description", "description_ru", "description_tg")
_CODE_COLUMNS = ("code", "hscode")
_KNOWN = frozenset({*_CODE_COLUMNS, *TEXTS, "supplementary_unit"})
_IGNORED = frozenset({"section", "parent", "level"})
_LINES, _PAIRS = Expected((*sorted(_KNOWN), *sorted(_IGNORED))), Expected(("old_code", "new_code"))
_SUM = "TOTAL"  # statisticians' last row: all commodities together
_CODE = re.compile(r"\d\d(?:\d\d){0,2}")
_SUBHEADING = re.compile(r"\d{6}")
_COMMODITY = LAW["commodity"]


@dataclass
class Edition:
    """The new edition as it was read: texts by code, and old -> new subheadings."""

    lines: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    correlation: list[tuple[str, str]] = field(default_factory=list)

    def into(self, code: str) -> list[str]:
        """Old subheadings that flow into a new one."""
        return [old for old, new in self.correlation if new == code]


def read_edition(
    nomenclature: bytes, correlation: bytes, *, names: tuple[str, str], change_set: ChangeSet
) -> Difference:
    """What a new edition changes on the day of the set. Writes nothing.

    `nomenclature` has the columns `code` (or `hscode`; two, four or six digits), `description` and, where they are
    known, `description_ru`, `description_tg`, `supplementary_unit`; `correlation` has `old_code` and `new_code`, six
    digits each, every vanished subheading among the old ones. `names` are those of the files. Raises Rejected with
    every fault as `file:row:column`.
    """
    faults = Faults(names[0]), Faults(names[1])
    edition = Edition()
    _read_lines(read_sheet(nomenclature, name=names[0], faults=faults[0], tables=[_LINES]), edition, faults[0])
    present = _present(change_set)
    _read_correlation(
        read_sheet(correlation, name=names[1], faults=faults[1], tables=[_PAIRS]), edition, present, faults[1]
    )
    found = [*faults[0].found, *faults[1].found]
    if found:
        raise Rejected(found)
    return _Comparison(edition, present, change_set).difference(names[0])


def _present(change_set: ChangeSet) -> dict[str, dict[int, dict[str, str]]]:
    """code -> its lines in force on the day or later, by primary key."""
    day = change_set.takes_effect
    rows = texts_of(_COMMODITY, Commodity.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)))
    present: dict[str, dict[int, dict[str, str]]] = {}
    for pk, texts in rows.items():
        present.setdefault(texts["code"], {})[pk] = texts
    return present


# Reading ------------------------------------------------------------------------------------------------------


def _read_lines(sheet: Sheet, edition: Edition, faults: Faults) -> None:
    column = next((name for name in _CODE_COLUMNS if name in sheet.header), "")
    for name in sheet.header:
        if name not in _KNOWN | _IGNORED:
            faults.add("T431", sheet.top, name, _("This column is not known."))
    for name in (column if column else "code", "description"):
        if name not in sheet.header:
            faults.stop("T431", sheet.top, name, _("This column is missing."))
    for number, cells in sheet.rows:
        code = cells.get(column, "")
        if code == _SUM:
            continue
        if not _CODE.fullmatch(code):
            faults.add("T432", number, column, _("Write two, four or six digits."))
        elif code in edition.lines:
            sentence = _("The code is already in row %(row)d.")
            faults.add("T433", number, column, sentence % {"row": edition.rows[code]})
        elif not cells.get("description"):
            faults.add("T432", number, "description", _("This cell is empty."))
        else:
            edition.rows[code] = number
            edition.lines[code] = {
                name: " ".join(cells.get(name, "").split()) for name in (*TEXTS, "supplementary_unit")
            }
    for code, number in edition.rows.items():
        if len(code) > 2 and code[:-2] not in edition.lines:
            sentence = _("No line %(code)s is in the nomenclature.")
            faults.add("T403", number, column, sentence % {"code": code[:-2]})


def _read_correlation(sheet: Sheet, edition: Edition, present: Mapping[str, object], faults: Faults) -> None:
    for name in ("old_code", "new_code"):
        if name not in sheet.header:
            faults.stop("T431", sheet.top, name, _("This column is missing."))
    pairs: dict[tuple[str, str], int] = {}
    for number, cells in sheet.rows:
        old, new = cells.get("old_code", ""), cells.get("new_code", "")
        known = {"old_code": (old, old in present), "new_code": (new, new in edition.lines)}
        for name, (code, is_known) in known.items():
            if not _SUBHEADING.fullmatch(code):
                faults.add("T432", number, name, _("Write six digits."))
            elif not is_known:
                faults.add("T403", number, name, _("No line %(code)s is in the nomenclature.") % {"code": code})
        if (old, new) in pairs:
            sentence = _("The pair is already in row %(row)d.")
            faults.add("T433", number, "", sentence % {"row": pairs[old, new]})
        pairs.setdefault((old, new), number)
    edition.correlation = list(pairs)
    named = {old for old, _new in pairs}
    for code in sorted(present):
        if len(code) == HS_DIGITS and code not in edition.lines and code not in named:
            sentence = _("The subheading %(code)s disappears and no row says where its goods go.")
            faults.add("T452", 1, "old_code", sentence % {"code": code})


# Comparing ----------------------------------------------------------------------------------------------------


class _Comparison:
    """The edition against the lines in force."""

    def __init__(
        self, edition: Edition, present: Mapping[str, dict[int, dict[str, str]]], change_set: ChangeSet
    ) -> None:
        self.edition, self.present, self.change_set = edition, present, change_set
        self.day = change_set.takes_effect.isoformat()
        self.length = territory().commodity_code_length
        self.below: dict[str, list[str]] = {}
        for code in present:
            if len(code) > HS_DIGITS:
                self.below.setdefault(code[:HS_DIGITS], []).append(code)
        self.vanished = {code for code in present if code[:HS_DIGITS] not in edition.lines}
        self.notices: list[Violation] = []

    def difference(self, file: str) -> Difference:
        carrying = Carrying(self.change_set, lines=self.present, vanished=self.vanished, length=self.length)
        proposed = [*self._lines()]
        unchanged = len(self.edition.lines) - sum(row.source_row is not None for row in proposed)
        proposed += self._ends()
        proposed += carrying.ends()
        for code in self._receiving():
            proposed += carrying.carried(code, self.edition.into(code), is_new=code not in self.present)
        proposed += carrying.exclusions(self.edition.correlation)
        return Difference(
            file,
            len(self.edition.lines),
            tuple(proposed),
            unchanged,
            notices=(*self.notices, *carrying.notices),
            verb="edition_taken",
        )

    def _receiving(self) -> list[str]:
        """New codes, and old ones into which goods of another code flow."""
        return sorted({new for old, new in self.edition.correlation if new not in self.present or old != new})

    def _lines(self) -> Iterator[ChangeRow]:
        kept_names = 0
        for code in sorted(self.edition.lines):
            texts, number = self.edition.lines[code], self.edition.rows[code]
            target = self._in_force(code)
            if target is None:
                yield from self._new_line(code, texts, number)
                continue
            pk, seen = target
            values = _changed(seen, texts)
            if values:
                kept_names += bool(seen["description_ru"]) and "description" in values and not texts["description_ru"]
                yield replaced("commodity", pk, seen, values, row=number)
                yield from self._generic_renamed(code, seen, texts)
        if kept_names:
            sentence = _("%(number)d lines have a new English name and keep their Russian one: look at them.")
            self.notices.append(Violation("T454", "", sentence % {"number": kept_names}))

    def _in_force(self, code: str) -> tuple[int, dict[str, str]] | None:
        for pk, texts in self.present.get(code, {}).items():
            if texts["valid_from"] <= self.day:
                return pk, texts
        return None

    def _new_line(self, code: str, texts: dict[str, str], number: int) -> Iterator[ChangeRow]:
        values = {name: text for name, text in texts.items() if text}
        if len(code) == HS_DIGITS:
            values |= self._unit(code, values)
        yield created("commodity", {"code": code, "declarable": "no", **values}, row=number)
        if len(code) < HS_DIGITS:
            return
        generic = {"code": code.ljust(self.length, "0"), "declarable": "yes", **values}
        yield created("commodity", generic)
        if not self.edition.into(code):
            sentence = _("No row of the correlation says what flows into %(code)s: it has only the law it inherits.")
            self.notices.append(Violation("T453", code, sentence % {"code": code}))

    def _unit(self, code: str, values: Mapping[str, str]) -> dict[str, str]:
        """The supplementary unit on which all old codes agree."""
        old = [line for source in self.edition.into(code) for line in [source, *self.below.get(source, ())]]
        units = {unit for line in old for row in self.present[line].values() if (unit := row["supplementary_unit"])}
        return {"supplementary_unit": units.pop()} if len(units) == 1 and "supplementary_unit" not in values else {}

    def _generic_renamed(self, code: str, seen: Mapping[str, str], texts: Mapping[str, str]) -> Iterator[ChangeRow]:
        """A line that stands for a whole subheading is called as that is."""
        generic = self._in_force(code.ljust(self.length, "0")) if len(code) == HS_DIGITS else None
        if generic is None:
            return
        pk, line = generic
        same = {name: text for name, text in texts.items() if line[name] == seen[name]}
        if values := _changed(line, same):
            yield replaced("commodity", pk, line, values)

    def _ends(self) -> Iterator[ChangeRow]:
        """Vanished lines with everything below them, and rows of theirs that would begin later."""
        for code in sorted(self.vanished):
            for pk, seen in self.present[code].items():
                yield ended("commodity", pk, seen)


def _changed(seen: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """Texts that the edition gives and that differ; what it does not give stays."""
    return {name: text for name, text in texts.items() if text and " ".join(seen[name].split()) != text}
