"""What a change set would have meant for past declarations: each judged and assessed without the set and with it.

Both times by the code that judges at the gate, by the law of the day on which the set takes effect. Only declarations
with goods that the set can touch are assessed; for all others nothing changes. Nothing is written.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from declarations import facts, rules
from declarations.models import Declaration, Item, Status
from declarations.selectors import content_of, with_parts
from lib.codes import beginnings
from lib.figures import ZERO
from tariff_changes.models import ChangeSet
from tariff_changes.services.trial import as_published
from tariffs.calculation import assess

BATCH = 50
TOP = 20
LAPSED = (Status.DRAFT, Status.SUPERSEDED, Status.CANCELLED, Status.REJECTED)
# Rows of these tables alter charges of the goods they name at the most; rows of any other table may alter all.
_NARROW = {"measure": "commodity", "commodity": "code", "legal_act": None}

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one declaration pays, by tax, and what it would be refused for."""

    charges: Mapping[str, Decimal]
    refused: frozenset[tuple[str, str]]

    @property
    def total(self) -> Decimal:
        return sum(self.charges.values(), ZERO)


# Which declarations -------------------------------------------------------------------------------------------
def last_lodged(last: int) -> list[int]:
    """Primary keys of the last lodged declarations that still stand, the newest first."""
    lodged = Declaration.objects.exclude(status__in=LAPSED).order_by("-lodged_at", "-pk")
    return list(lodged.values_list("pk", flat=True)[:last])


def prefixes_of(change_set: ChangeSet) -> list[str] | None:
    """The shortest beginnings of codes the set is about; None where it may touch any goods."""
    found: set[str] = set()
    for table in change_set.rows.order_by().values_list("table", flat=True).distinct():
        if table not in _NARROW:
            return None
        if column := _NARROW[table]:
            for values, seen in change_set.rows.filter(table=table).values_list("values", "seen"):
                found |= {values.get(column, seen.get(column, "")), seen.get(column, values.get(column, ""))}
    if "" in found:
        return None
    return [code for code in sorted(found) if found.isdisjoint(beginnings(code[:-1], shortest=1))]


def touched(pks: Sequence[int], prefixes: Sequence[str] | None) -> list[int]:
    """Those with goods under one of the beginnings."""
    if prefixes is None:
        return list(pks)
    if not prefixes or not pks:
        return []
    # By chapter in the database, exactly here: thousands of beginnings make no good query.
    chapters = reduce(or_, (Q(commodity_code__startswith=chapter) for chapter in {code[:2] for code in prefixes}))
    items = Item.objects.filter(chapters, declaration__in=pks).values_list("declaration_id", "commodity_code")
    known = frozenset(prefixes)
    hit = {pk for pk, code in items if not known.isdisjoint(beginnings(code, shortest=1))}
    return [pk for pk in pks if pk in hit]


# Without and with ---------------------------------------------------------------------------------------------
def work_out(change_set: ChangeSet, *, on: date, last: int, progress: Progress) -> dict[str, Any]:
    """The result as it is kept. `on` is today; the law is that of the set's day. Raises Rejected for its faults."""
    started = time.monotonic()
    pks = last_lodged(last)
    concerned = touched(pks, prefixes_of(change_set))
    count = len(concerned)
    day = change_set.takes_effect
    progress(0, 2 * count)
    with as_published(change_set, on=on):
        after = dict(_outcomes(concerned, on=day, tell=lambda done: progress(done, 2 * count)))
    before = dict(_outcomes(concerned, on=day, tell=lambda done: progress(count + done, 2 * count)))
    return {
        "on": day.isoformat(),
        "declarations": len(pks),
        "concerned": count,
        **_counts(len(pks), before, after),
        **_money(before, after),
        "refused": _refused(before, after),
        "top": _top(before, after),
        "seconds": f"{time.monotonic() - started:.1f}",
    }


def _outcomes(pks: Sequence[int], *, on: date, tell: Callable[[int], None]) -> Iterator[tuple[int, Outcome]]:
    for start in range(0, len(pks), BATCH):
        batch = with_parts(Declaration.objects.filter(pk__in=pks[start : start + BATCH]).select_related("declarant"))
        for declaration in batch:
            yield declaration.pk, _judged(declaration, on=on)
        tell(min(start + BATCH, len(pks)))


def _judged(declaration: Declaration, *, on: date) -> Outcome:
    """As the gate would judge and assess the content on the day."""
    content = content_of(declaration)
    case = facts.gather(content, on=on, today=on)
    assessed = assess(facts.consignment(content), case.law)
    charges: dict[str, Decimal] = defaultdict(Decimal)
    for charge in assessed.charges:
        charges[charge.tax_code] += charge.amount
    refused = frozenset((fault.code, fault.sentence) for fault in rules.violations(case, assessed))
    return Outcome(dict(charges), refused)


# Summing up ---------------------------------------------------------------------------------------------------
Outcomes = Mapping[int, Outcome]


def _differences(before: Outcomes, after: Outcomes) -> dict[int, Decimal]:
    return {pk: after[pk].total - before[pk].total for pk in before}


def _counts(total: int, before: Outcomes, after: Outcomes) -> dict[str, int]:
    changes = _differences(before, after).values()
    more, less = sum(change > 0 for change in changes), sum(change < 0 for change in changes)
    return {"more": more, "less": less, "same": total - more - less}


def _money(before: Outcomes, after: Outcomes) -> dict[str, Any]:
    """Sums of the concerned declarations by tax and in all, as decimal texts."""
    sums = _sums(before.values()), _sums(after.values())
    return {
        "taxes": [
            {"tax": tax, "before": str(sums[0][tax]), "after": str(sums[1][tax])}
            for tax in sorted({*sums[0], *sums[1]})
        ],
        "before": str(sum(sums[0].values(), ZERO)),
        "after": str(sum(sums[1].values(), ZERO)),
    }


def _sums(outcomes: Iterable[Outcome]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for outcome in outcomes:
        for tax, amount in outcome.charges.items():
            sums[tax] += amount
    return sums


def _refused(before: Outcomes, after: Outcomes) -> dict[str, Any]:
    """Declarations the gate would turn away with the set and not without it, or the other way round."""
    newly = Counter(fault for pk in before if not before[pk].refused for fault in after[pk].refused)
    return {
        "newly": sum(1 for pk in before if after[pk].refused and not before[pk].refused),
        "no_longer": sum(1 for pk in before if before[pk].refused and not after[pk].refused),
        "why": [
            {"code": code, "sentence": str(sentence), "declarations": count}
            for (code, sentence), count in newly.most_common(TOP)
        ],
    }


def _top(before: Outcomes, after: Outcomes) -> list[dict[str, Any]]:
    """Those that change most, by money."""
    changes = _differences(before, after)
    most = sorted((pk for pk in changes if changes[pk]), key=lambda pk: (-abs(changes[pk]), pk))[:TOP]
    return [{"declaration": pk, "before": str(before[pk].total), "after": str(after[pk].total)} for pk in most]
