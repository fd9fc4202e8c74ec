"""Publication: an approved change set becomes law, whole or not at all, and each row knows what was written for it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from lib.bulk import copy_in
from lib.violations import refuse
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.rules import Proposal
from tariff_changes.selectors.changeable import CHANGEABLE, Changeable
from tariff_changes.services.journey import refuse_faults, standing
from tariff_changes.services.law_lock import may_write_law, one_at_a_time
from tariff_changes.services.people import record, refuse_unless_either
from tariff_changes.services.proposals import Action
from tariffs.models import Country, CountryGroup, LegalAct
from tariffs.services.edition import new_edition

Status = ChangeSet.Status
CODES_SHOWN = 40


@transaction.atomic
def publish(change_set: ChangeSet, *, by: User, at: datetime, on: date) -> ChangeSet:
    """Write an approved set into the law, judged once more. Rejected with every fault, and then nothing changes."""
    refuse_unless_either(by, at=at)
    one_at_a_time()
    held = standing(change_set, Status.APPROVED)
    reading = refuse_faults(held, on=on)
    try:
        with may_write_law():
            write(held, reading.proposals)
    except IntegrityError as error:
        raise refuse("T401", "", _("The tables refuse the change set: %(why)s") % {"why": error}) from error
    held.status, held.published_at = Status.PUBLISHED, at
    held.save(update_fields=["status", "published_at"])
    record(held, verb="published", by=by, at=at, **_summary(reading.proposals))
    new_edition(at=at)
    announce("law.published", held.pk)
    return held


def write(change_set: ChangeSet, proposals: Sequence[Proposal]) -> None:
    """End and create the rows, table after table, in bulk. Needs the key to published law."""
    for table in CHANGEABLE.values():
        own = [proposal for proposal in proposals if proposal.table.name == table.name]
        if not own:
            continue
        if table.dated:
            _end(table, own)
            written = _create(table, [proposal for proposal in own if proposal.creates])
        else:
            written = _put_right(table, own)
        _remember(change_set, written)


def _end(table: Changeable, proposals: Iterable[Proposal]) -> None:
    """Targets end on their last day; one that would end before it begins never comes into force and is taken out."""
    taken_out = [proposal.target for proposal in proposals if proposal.takes_out]
    ended = [
        (proposal.target, proposal.last_day)
        for proposal in proposals
        if proposal.target is not None and not proposal.takes_out
    ]
    table.model.objects.filter(pk__in=taken_out).delete()
    name = connection.ops.quote_name(table.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {name} AS row SET valid_to = ended.day"  # noqa: S608 — the name is a table of ours
            " FROM unnest(%s::bigint[], %s::date[]) AS ended (pk, day) WHERE row.id = ended.pk",
            [[pk for pk, _day in ended], [day for _pk, day in ended]],
        )


def _create(table: Changeable, proposals: Sequence[Proposal]) -> dict[int, int]:
    """place -> primary key of the row that was created."""
    refer = _References(proposals)
    made = copy_in(table.model, [refer.fields(proposal) for proposal in proposals])
    return {proposal.place: pk for proposal, pk in zip(proposals, made, strict=True)}


def _put_right(table: Changeable, proposals: Sequence[Proposal]) -> dict[int, int]:
    """A legal act has no days: a new one is created, a standing one gets its new title, date or link."""
    written = _create(table, [proposal for proposal in proposals if proposal.action == Action.CREATE])
    for proposal in proposals:
        if proposal.action == Action.REPLACE and proposal.target is not None:
            table.model.objects.filter(pk=proposal.target).update(**proposal.row)
            written[proposal.place] = proposal.target
    return written


def _remember(change_set: ChangeSet, written: dict[int, int]) -> None:
    name = connection.ops.quote_name(ChangeRow._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {name} AS row SET written = made.pk"  # noqa: S608 — the name is a table of ours
            " FROM unnest(%s::bigint[], %s::bigint[]) AS made (place, pk)"
            " WHERE row.change_set_id = %s AND row.place = made.place",
            [list(written), list(written.values()), change_set.pk],
        )


class _References:
    """Turns codes into the rows they name, once for all rows of a table."""

    def __init__(self, proposals: Sequence[Proposal]) -> None:
        numbers = {proposal.row["act"] for proposal in proposals if proposal.row.get("act")}
        self.acts = {act.number: act for act in LegalAct.objects.filter(number__in=numbers)}
        self.groups: dict[str, Any] = {}
        self.countries: dict[str, Any] = {}
        if any(proposal.table.name == "group_member" for proposal in proposals):
            self.groups = {group.code: group for group in CountryGroup.objects.all()}
            self.countries = {country.code: country for country in Country.objects.all()}

    def fields(self, proposal: Proposal) -> dict[str, Any]:
        """The new row's values by field."""
        named = {"act": self.acts, "group": self.groups, "country": self.countries}
        values: dict[str, Any] = {}
        for column, value in proposal.row.items():
            path = proposal.table.path(column)
            field, _arrow, refers = path.partition("__")
            values[field] = named[column].get(value) if refers else value
        return values


def _summary(proposals: Sequence[Proposal]) -> dict[str, Any]:
    """What the public feed tells: how many rows of which table, and the codes they are about."""
    counts = Counter(f"{proposal.table.name}.{proposal.action}" for proposal in proposals)
    columns = {"measure": "commodity", "commodity": "code"}
    codes = sorted(
        {
            code
            for proposal in proposals
            if (column := columns.get(proposal.table.name))
            and (code := proposal.texts.get(column) or proposal.seen.get(column, ""))
        }
    )
    return {"rows": dict(counts), "codes": codes[:CODES_SHOWN], "codes_total": len(codes)}
