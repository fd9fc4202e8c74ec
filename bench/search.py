"""How well the tariff search finds: everyday terms, with typing errors, in a wrong layout, in Latin letters; how fast.

The national tariff is loaded first where the shared data has one. The terms serve to measure, never to build: the list
is split at random into the half that weights were chosen on and the half that was held back.
"""

import io
import json
import os
import random
import re
import string
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from bench import SMALL, size
from bench.portal import percentile, ratio, table
from tariff_lookup.models import Synonym
from tariff_lookup.search import search, words
from tariffs.models import Commodity, Measure

SHARED = Path(os.environ.get("SHARED_DATA", settings.BASE_DIR.parent / "shared" / "data"))
TERMS = SHARED / "search" / "search_references.json"
TARIFF = SHARED / "tariff" / "ett_2026.csv"
SEED = 2026
LAYOUT_TERMS, LATIN_TERMS = size(1500, 20), size(400, 5)
LATIN = {
    **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)),
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
}
SYSTEMS = {
    "BGN": {},
    "GOST 7.79": {"й": "j", "х": "x", "ц": "cz", "щ": "shh", "ы": "y`", "ь": "`", "э": "e`"},
    "ISO 9": {"ж": "ž", "й": "j", "х": "h", "ц": "c", "ч": "č", "ш": "š", "щ": "ŝ", "ь": "ʹ", "ю": "û", "я": "â"},
    "chat": {"ж": "j", "й": "i", "х": "h", "ц": "c", "ч": "4", "ш": "w", "щ": "w", "ю": "ju", "я": "ja"},
}
WANTED = {
    "heading among the first 10 codes": 0.80,
    "six digits among the first 10 codes": 0.74,
    "heading among the first 10 headings": 0.88,
}
WANTED_MISTYPED = {"heading among the first 10 codes": 0.78, "six digits among the first 10 codes": 0.71}
Term = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question found: codes of six digits and headings, best first; in how many seconds."""

    codes: tuple[str, ...]
    headings: tuple[str, ...]
    shown: str
    seconds: float


def ask(question: str) -> Answer:
    started = time.perf_counter()
    found = search(question, on=timezone.localdate())
    seconds = time.perf_counter() - started
    return Answer(found.codes, tuple(group.heading.code for group in found.groups), found.shown, seconds)


def mistyped(term: str, chance: random.Random) -> str:
    """`term` with one letter left out, added, changed or swapped, inside a word of four letters or more."""
    places = [found.span() for found in re.finditer(r"[^\W\d_]{4,}", term)]
    if not places:
        return term
    start, end = chance.choice(places)
    place = chance.randrange(start + 1, end - 1)
    before, letter, after = term[:place], term[place], term[place + 1 :]
    other = chance.choice(string.ascii_lowercase)
    left_out, added = before + after, before + other + letter + after
    changed, swapped = before + other + after, before + after[0] + letter + after[1:]
    return chance.choice([left_out, added, changed, swapped])


def hits(answers: Sequence[tuple[Answer, str]]) -> dict[str, float]:
    """The share of answers that hold the right code, by how far down one looks."""
    asked = max(1, len(answers))
    found: dict[str, float] = {}
    for first in (1, 5, 10):
        codes = "code" if first == 1 else f"{first} codes"
        heading = sum(code[:4] in {each[:4] for each in answer.codes[:first]} for answer, code in answers)
        subheading = sum(code[:6] in answer.codes[:first] for answer, code in answers)
        found[f"heading among the first {codes}"] = heading / asked
        found[f"six digits among the first {codes}"] = subheading / asked
    headings = sum(code[:4] in answer.headings[:10] for answer, code in answers)
    found["heading among the first 10 headings"] = headings / asked
    return found


def report(title: str, terms: Sequence[Term], wanted: dict[str, float]) -> list[Answer]:
    answers = [(ask(term), code) for term, code in terms]
    rows = []
    for name, share in hits(answers).items():
        goal = wanted.get(name)
        rows.append((name, f"{share:.3f}", f"{goal:.2f}" if goal else "", ratio(share, goal) if goal else ""))
    unanswered = sum(not answer.headings for answer, _code in answers)
    rows.append(("unanswered", str(unanswered), "0", ""))
    table(f"{title}: {len(terms)} terms", rows)
    return [answer for answer, _code in answers]


def layouts() -> None:
    """Everyday words of our own, typed in the other layout and in the right one."""
    terms = sorted(set(Synonym.objects.values_list("term", flat=True)))
    random.Random(SEED).shuffle(terms)
    terms = [term for term in terms if words.other_layouts(term)][:LAYOUT_TERMS]
    corrected = sum(_is_read(ask(words.other_layouts(term)[0]).shown, term) for term in terms)
    untouched = sum(not _is_other_script(ask(term).shown, term) for term in terms)
    rows = [
        ("wrong layouts corrected", f"{corrected / len(terms):.3f}", "0.90", ratio(corrected / len(terms), 0.9)),
        ("right layouts left alone", f"{untouched / len(terms):.3f}", "1.00", ratio(untouched / len(terms), 1)),
    ]
    table(f"Keyboard layouts: {len(terms)} of our own words", rows)


def in_latin() -> None:
    """Russian words of our own in Latin letters: whether they find the heading that they find in Cyrillic."""
    known = Synonym.objects.filter(language="ru", kind=Synonym.Kind.WORD, term__regex="^[а-я]{4,}$")
    terms = sorted(set(known.values_list("term", flat=True)))
    random.Random(SEED).shuffle(terms)
    rows = []
    for name, changed in SYSTEMS.items():
        latin = str.maketrans({**LATIN, **changed})
        asked = [(ask(term.translate(latin)).headings[:1], ask(term).headings[:1]) for term in terms[:LATIN_TERMS]]
        share = sum(found == right for found, right in asked) / max(1, len(asked))
        rows.append((f"the same heading first, {name}", f"{share:.3f}", "0.93", ratio(share, 0.93)))
    table(f"Russian in Latin letters: {len(terms[:LATIN_TERMS])} of our own words", rows)


def _is_read(shown: str, meant: str) -> bool:
    return words.forms(shown) == words.forms(meant)


def _is_other_script(shown: str, typed: str) -> bool:
    return bool(shown) and words.is_cyrillic(shown) != words.is_cyrillic(typed)


def speed(answers: Sequence[Answer]) -> None:
    seconds = [answer.seconds for answer in answers]
    codes = Commodity.objects.on(timezone.localdate()).filter(declarable=True).count()
    slowest = percentile(seconds, 0.95)
    rows = [
        ("median", f"{percentile(seconds, 0.5) * 1000:.1f} ms", "", ""),
        ("95th percentile", f"{slowest * 1000:.1f} ms", "60 ms", ratio(slowest, 0.06)),
    ]
    table(f"Speed of one question, queries included: {codes} codes, {Synonym.objects.count()} everyday words", rows)


def load_national_tariff() -> None:
    """The national table, unless it is in force already."""
    if TARIFF.exists() and Measure.objects.on(timezone.localdate()).count() < 10_000:
        started = time.monotonic()
        call_command("load_tariff", str(TARIFF), stdout=io.StringIO())
        print(f"national tariff loaded in {time.monotonic() - started:.0f} s", flush=True)


def main() -> None:
    if not SMALL:
        load_national_tariff()
    layouts()
    in_latin()
    if not TERMS.exists():
        print(f"the everyday terms are not at {TERMS} (set SHARED_DATA): hits are not measured")
        return
    terms = sorted(json.loads(TERMS.read_text()).items())
    random.Random(SEED).shuffle(terms)
    terms = terms[: size(len(terms), 20)]
    half = len(terms) // 2
    chance = random.Random(SEED)
    with_errors = [(mistyped(term, chance), code) for term, code in terms]
    answers = report("Everyday terms", terms, WANTED)
    report("The half that weights were chosen on", terms[:half], WANTED)
    report("The half that was held back", terms[half:], WANTED)
    report("With one typing error in each", with_errors, WANTED_MISTYPED)
    speed(answers)


if __name__ == "__main__":
    main()
