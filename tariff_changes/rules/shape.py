"""Rules on one row for itself: what kind of measure it is, its season, the length of its code, the action."""

from django.utils.translation import gettext as _

from lib.violations import Violation
from tariff_changes.rules.judged import Action, Case, JudgedRow
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
    return [fault for judged in case.created("measure") for fault in _kind(judged)]


def _kind(judged: JudgedRow) -> list[Violation]:
    kind = Measure.Kind(judged.values["kind"])
    found = []
    for column in _NEEDED[kind]:
        if not judged.values[column]:
            code = "T405" if column == "rate" else "T417"
            sentence = _("A %(kind)s needs this cell: it is empty.")
            found.append(judged.fault(code, column, sentence % {"kind": kind.label}))
    for column in _STRANGE[kind]:
        if judged.values[column]:
            sentence = _("A %(kind)s leaves this cell empty.")
            found.append(judged.fault("T417", column, sentence % {"kind": kind.label}))
    return found


def t409_season_broken(case: Case) -> list[Violation]:
    """A season has a first and a last day of the year, or none."""
    return [
        judged.fault("T409", "season_to" if judged.values["season_from"] else "season_from",
                       _("A season has a first and a last day."))
        for judged in case.created("measure")
        if bool(judged.values["season_from"]) != bool(judged.values["season_to"])
    ]  # fmt: skip


def t410_code_too_long(case: Case) -> list[Violation]:
    """No code is longer than the codes of the country."""
    length = territory().commodity_code_length
    sentence = _("A code has at most %(length)d digits.") % {"length": length}
    return [
        judged.fault("T410", column, sentence)
        for judged in case.rows
        if judged.creates and (column := judged.table.code_column) and len(judged.values[column]) > length
    ]


def t414_action(case: Case) -> list[Violation]:
    """A legal act is made or put right; it has no validity that could end, and its number stays."""
    found = []
    for judged in case.of("legal_act"):
        if judged.action == Action.END:
            sentence = _("A legal act is not ended: the rows that name it are.")
            found.append(judged.fault("T414", "", sentence))
        elif judged.action == Action.REPLACE and judged.values["number"] != judged.seen.get("number"):
            found.append(judged.fault("T414", "number", _("The number of a legal act stays as it is.")))
    return found


def t417_quota(case: Case) -> list[Violation]:
    """A quota opens a volume greater than zero."""
    return [
        judged.fault("T417", "volume", _("The volume is greater than zero."))
        for judged in case.created("quota")
        if judged.values["volume"] <= 0
    ]
