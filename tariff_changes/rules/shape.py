"""Rules on one row for itself: what kind of measure it is, its season, the length of its code, the action."""

from django.utils.translation import gettext as _

from lib.violations import Violation
from tariff_changes.rules.proposals import Action, Case, Proposal
from tariffs.models import Measure
from tariffs.selectors import territory

_NEEDED = {
    Measure.Kind.RATE: ("tax", "rate"),
    Measure.Kind.RESTRICTION: ("flow", "document"),
    Measure.Kind.PROHIBITION: ("flow",),
}
_STRANGE = {
    Measure.Kind.RATE: ("flow",),
    Measure.Kind.RESTRICTION: ("tax", "rate", "quota", "additive"),
    Measure.Kind.PROHIBITION: ("tax", "rate", "quota", "additive"),
}


def t405_no_rate_and_t417_kind(case: Case) -> list[Violation]:
    """A rate names its tax and rate text; a restriction its flow and the paper it asks for; a prohibition its flow."""
    return [fault for proposal in case.created("measure") for fault in _kind(proposal)]


def _kind(proposal: Proposal) -> list[Violation]:
    kind = Measure.Kind(proposal.row["kind"])
    found = []
    for column in _NEEDED[kind]:
        if not proposal.row[column]:
            code = "T405" if column == "rate" else "T417"
            sentence = _("A %(kind)s needs this cell: it is empty.")
            found.append(proposal.fault(code, column, sentence % {"kind": kind.label}))
    for column in _STRANGE[kind]:
        if proposal.row[column]:
            sentence = _("A %(kind)s leaves this cell empty.")
            found.append(proposal.fault("T417", column, sentence % {"kind": kind.label}))
    return found


def t409_season_broken(case: Case) -> list[Violation]:
    """A season has a first and a last day of the year, or none."""
    return [
        proposal.fault("T409", "season_to" if proposal.row["season_from"] else "season_from",
                       _("A season has a first and a last day."))
        for proposal in case.created("measure")
        if bool(proposal.row["season_from"]) != bool(proposal.row["season_to"])
    ]  # fmt: skip


def t410_code_too_long(case: Case) -> list[Violation]:
    """No code is longer than the codes of the country."""
    length = territory().commodity_code_length
    sentence = _("A code has at most %(length)d digits.") % {"length": length}
    return [
        proposal.fault("T410", column, sentence)
        for proposal in case.proposals
        if proposal.creates and (column := proposal.table.code_column) and len(proposal.row[column]) > length
    ]


def t414_action(case: Case) -> list[Violation]:
    """A legal act is made or put right; it has no validity that could end, and its number stays."""
    found = []
    for proposal in case.of("legal_act"):
        if proposal.action == Action.END:
            sentence = _("A legal act is not ended: what rests on it is.")
            found.append(proposal.fault("T414", "", sentence))
        elif proposal.action == Action.REPLACE and proposal.row["number"] != proposal.seen.get("number"):
            found.append(proposal.fault("T414", "number", _("The number of a legal act stays as it is.")))
    return found


def t417_quota(case: Case) -> list[Violation]:
    """A quota opens a volume greater than zero."""
    return [
        proposal.fault("T417", "volume", _("The volume is greater than zero."))
        for proposal in case.created("quota")
        if proposal.row["volume"] <= 0
    ]
