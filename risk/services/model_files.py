"""The file of a model: packed with its hash, and opened again only where hash, features and trees fit."""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lib.violations import refuse
from risk.learning import figures
from risk.learning.features import FEATURES, Memory
from risk.learning.lines import Line
from risk.learning.trees import Trees, Unavailable
from risk.models import LARGEST_FILE, Model, ModelFile

VERSION = 1
LARGEST_OPENED = 256 * 1024 * 1024
REASONS = 5
UNKNOWN = Line(file="", on=1)


@dataclass(frozen=True, slots=True)
class Said:
    """What a model says of a declaration: the chance of a finding on its worst line, and its rank in per cent."""

    chance: float
    percentile: float
    number: int
    row: Sequence[float]


@dataclass(frozen=True, slots=True)
class Judge:
    """A model that was opened: it can be asked."""

    trees: Trees
    memory: Memory
    ranks: Mapping[str, Sequence[float]]
    bins: Mapping[str, Any]

    def says(self, lines: Sequence[Line]) -> Said | None:
        """Of one declaration; None where it has no lines."""
        if not lines:
            return None
        rows = [self.memory.row(line) for line in lines]
        chances = self.trees.chances(rows)
        worst = max(range(len(lines)), key=chances.__getitem__)
        cuts = self.ranks.get(lines[worst].office) or self.ranks[""]
        chance = chances[worst]
        return Said(chance, figures.percentile(chance, cuts), lines[worst].number, rows[worst])

    def reasons(self, said: Said) -> list[list[Any]]:
        """The features that moved the chance most: name, value (None: not known), what it added to the log odds."""
        parts = self.trees.contributions(said.row)
        most = sorted(range(len(parts)), key=lambda place: -abs(parts[place]))[:REASONS]
        return [[FEATURES[at], _kept(said.row[at]), round(parts[at], 3)] for at in most if abs(parts[at]) >= 0.005]


def _kept(value: float) -> float | None:
    return None if value != value else round(value, 4)  # NaN is not itself


def packed(data: Mapping[str, Any]) -> bytes:
    """The content of a file. Raises Rejected K097 where it is larger than a row may be."""
    content = zlib.compress(json.dumps({"version": VERSION, "features": FEATURES, **data}).encode(), 6)
    if len(content) > LARGEST_FILE:
        raise refuse("K097", "file", _("The file of the model is larger than %d MB.") % (LARGEST_FILE // 1024**2))
    return content


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def checked(model: Model) -> dict[str, Any]:
    """What the file of a model holds, after its hash and its features were compared. Raises Rejected K097."""
    file = ModelFile.objects.filter(model=model).first()
    if file is None:
        raise refuse("K097", "file", _("The model has no file."))
    content = bytes(file.content)
    if digest(content) != model.sha256:
        raise refuse("K097", "file", _("The file is not the one that was made: its SHA-256 is another."))
    try:
        opened = zlib.decompressobj().decompress(content, LARGEST_OPENED)
        data: dict[str, Any] = json.loads(opened, parse_constant=_no_number)
        if not isinstance(data, dict):
            raise _no_number(type(data).__name__)
    except (zlib.error, ValueError, RecursionError) as fault:
        raise refuse("K097", "file", _("The file of the model cannot be read.")) from fault
    if data.get("version") != VERSION or data.get("features") != list(FEATURES):
        raise refuse("K097", "features", _("The model knows other features than this portal. Train a new one."))
    return data


def opened(model: Model) -> Judge:
    """The model, ready to be asked: it has told of a line of which nothing is known.

    Raises Rejected K097: file, features or trees do not fit, a part is missing or of another shape, or no library.
    """
    data = checked(model)
    try:
        trees = Trees(str(data["trees"]), features=len(FEATURES))
        judge = Judge(trees, Memory.of_data(data["memory"]), data["ranks"], data["bins"])
        _tried(judge)
    except (Unavailable, KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError) as fault:
        sentence = _("The trees of the model cannot be read here: %s") % str(fault)[:200]
        raise refuse("K097", "trees", sentence) from fault
    return judge


def _tried(judge: Judge) -> None:
    """Ask it once, so that what is broken in it is found now and not by the first declaration."""
    said = judge.says([UNKNOWN])
    if said is None or not 0 <= said.chance <= 1 or not 0 <= said.percentile <= 100:
        raise ValueError(said)
    judge.reasons(said)
    for cuts, shares in (judge.bins[feature] for feature in FEATURES):
        if len(shares) != len(cuts) + 2:
            raise ValueError(cuts)


def _no_number(name: str) -> ValueError:
    """JSON of another hand may say NaN; what was learnt never does."""
    raise ValueError(name)
