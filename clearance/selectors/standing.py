"""What the screen says about a declaration, in plain words: a function of its status and the facts of its file.

It never tells a trader the lane or the criterion, only what happens next and when it is due.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from clearance.models import Case, WaitsFor
from declarations.models import Declaration, Event, Status
from declarations.selectors import TRADER_STEPS
from risk.models import Lane

Text = str | Promise


@dataclass(frozen=True)
class NextStep:
    """`code` is for the machine, `title` the status in plain words, `sentence` what happens next.

    `tone` colours the tag: "grey", "blue", "green", "yellow" or "red".
    """

    code: str
    title: Text
    sentence: Text
    tone: str = "grey"
    due_at: datetime | None = None


DRAFT = NextStep("draft", _("Draft"), _("Complete the declaration and lodge it."))
AMENDING = NextStep("amending", _("Draft of an amendment"), _("Correct what is wrong, and send the amendment."))
CORRECTED = NextStep(
    "correction_due", _("Corrected, waiting for payment"),
    _("The goods stay released. Pay the difference that the correction has brought."), "yellow",
)  # fmt: skip
LODGED = NextStep("assessing", _("Being assessed"), _("Duties and taxes are being computed."), "blue")
QUERY = NextStep(
    "query", _("Waiting for your answer"), _("Customs has a question. The file moves on when it is answered."),
    "yellow",
)  # fmt: skip
PROPOSED = NextStep(
    "proposal", _("Waiting for your answer"), _("Customs proposes a correction. Accept or contest it."), "yellow",
)  # fmt: skip
ASKED: dict[str, NextStep] = {WaitsFor.ANSWER: QUERY, WaitsFor.CONSENT: PROPOSED}
PAY = NextStep(
    "payment", _("Waiting for payment"), _("Pay the charges; goods are released only after that."), "yellow",
)  # fmt: skip
SECURE = NextStep(
    "guarantee", _("Waiting for the guarantee"), _("Secure the suspended charges from a guarantee account."), "yellow",
)  # fmt: skip
MOVING = NextStep("moving", _("About to be released"), _("All is in order. The release note comes next."), "blue")
ENDED: dict[str, NextStep] = {
    Status.RELEASED: NextStep(
        "released", _("Released"), _("The goods may leave. Print the release note or show its QR code."), "green"
    ),
    Status.EXITED: NextStep("exited", _("Left the country"), _("Exit is confirmed. Nothing more to do."), "green"),
    Status.REJECTED: NextStep(
        "rejected", _("Rejected"), _("Customs refused the declaration. Read the reason, correct a copy and lodge it."),
        "red",
    ),
    Status.CANCELLED: NextStep("cancelled", _("Cancelled"), _("The declaration was withdrawn. Nothing more to do.")),
    Status.SUPERSEDED: NextStep(
        "superseded", _("Replaced by an amendment"), _("A newer version of this declaration counts.")
    ),
}  # fmt: skip


def next_step(declaration: Declaration, case: Case | None) -> NextStep:
    """Where the declaration stands and what comes next."""
    if declaration.status == Status.DRAFT:
        return DRAFT if declaration.amends_id is None else AMENDING
    if declaration.status == Status.LODGED:
        return LODGED
    if declaration.status in ENDED:
        return ENDED[declaration.status]
    if declaration.stands_as:
        return CORRECTED if declaration.status == Status.ASSESSED else ENDED[declaration.stands_as]
    if case and case.waits_for in ASKED:
        return ASKED[case.waits_for]
    if declaration.status == Status.ASSESSED and (declaration.payable or declaration.guaranteed):
        return PAY if declaration.payable else SECURE
    if case and case.lane in (Lane.YELLOW, Lane.RED) and case.decided_at is None:
        return _being_checked(case)
    return MOVING


def plain_status(declaration: Declaration) -> NextStep:
    """`next_step` for a row of a list whose `case` was fetched along."""
    return next_step(declaration, getattr(declaration, "case", None))


def _being_checked(case: Case) -> NextStep:
    if case.lane == Lane.RED:
        title, sentence = _("Goods to be examined"), _("Customs examines the documents and the goods. Keep them ready.")
    else:
        title, sentence = _("Documents being checked"), _("An officer checks the documents. You need not do anything.")
    return NextStep("checking", title, sentence, "blue", due_at=case.due_at)


@dataclass(frozen=True)
class TraderEvent:
    """A row of history as a trader reads it: no officer's name, no lane, no internal remark."""

    verb: str
    at: datetime
    by: User | None
    note: str
    data: Mapping[str, Any]


_OWN = TRADER_STEPS
_TOLD = _OWN | {
    "assess",
    "money_back",
    "query",
    "withdraw_query",
    "examine",
    "examined",
    "audited",
    "reject",
    "release",
    "release_note",
    "exit_note",
    "exit",
    "extend",
    "refuse_extension",
    "write_off",
    "stand_again",
    "accept_correction",
    "refuse_correction",
    "propose",
    "withdraw_proposal",
    "uphold_proposal",
    "drop_proposal",
    "fine",
    "uphold_fine",
    "drop_fine",
    "grant_refund",
    "refuse_refund",
    "call",
    "hold",
    "fee",
    "drop_levy",
}
_FACTS = ("kind", "amount", "freed", "account", "taken", "held_again", "guarantee")
_WITH_NOTE = frozenset(
    {"amend", "cancel", "reject", "extend", "refuse_extension", "send_correction", "accept_correction",
     "refuse_correction", "propose", "contest_proposal", "uphold_proposal", "drop_proposal", "fine", "contest_fine",
     "uphold_fine", "drop_fine", "call", "fee", "drop_levy"}
)  # fmt: skip


def shown_to_trader(events: Iterable[Event]) -> list[TraderEvent]:
    """What of the history a trader is told."""
    return [
        TraderEvent(
            verb=event.verb,
            at=event.at,
            by=event.by if event.verb in _OWN else None,
            note=event.note if event.verb in _WITH_NOTE else "",
            data={name: event.data.get(name, "") for name in _FACTS},
        )
        for event in events
        if event.verb in _TOLD
    ]
