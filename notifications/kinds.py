"""The kinds of events that people are told of: for whom, by which way unless they choose another, and in which words.

Words carry places such as {mrn}; what fills them is kept without a language and is written for each reader when it is
shown or sent. A kind may have several wordings, told apart by the message's `variant`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Kind(TextChoices):
    QUESTION = "question", _("customs asks a question")
    RELEASED = "released", _("the goods are released")
    REJECTED = "rejected", _("a declaration is rejected")
    AMENDED = "amended", _("a declaration is amended or cancelled by somebody else")
    EXITED = "exited", _("goods have left the country")
    MONEY_DUE = "money_due", _("money is due")
    PAYMENT = "payment", _("a payment is booked")
    PAYMENT_FAILED = "payment_failed", _("a payment has failed")
    RECEIPT = "receipt", _("a receipt is ready")
    REFUND = "refund", _("customs decides on a refund")
    PAY_OUT = "pay_out", _("a pay-out is paid or comes back")
    BANK_ACCOUNT = "bank_account", _("a bank account waits to be confirmed")
    DEFERRED = "deferred", _("a statement of deferred payment is made, due or overdue")
    AUTO_PAYMENT = "auto_payment", _("automatic payment leaves something to be paid")
    STOCK_DUE = "stock_due", _("goods under suspension are due soon")
    GUARANTEE = "guarantee", _("a guarantee ends or is called")
    PROPOSAL = "proposal", _("customs proposes a correction")
    CORRECTION_DECIDED = "correction_decided", _("customs decides on a correction")
    MANDATE = "mandate", _("a mandate is given or revoked")
    MANDATE_ENDING = "mandate_ending", _("a mandate ends soon")
    COMPANY = "company", _("customs decides about your company")
    FILE_FOUND = "file_found", _("a file is kept aside because of a virus")
    AUDIT = "audit", _("customs announces an audit or has ended one")
    ANSWER = "answer", _("a question is answered")
    PROPOSAL_ANSWERED = "proposal_answered", _("a proposed correction is answered")
    CORRECTION_SENT = "correction_sent", _("a trader asks for a correction")
    REROUTE = "reroute", _("a change of lane waits for a second officer")
    ALLOTTED = "allotted", _("a file is allotted to you")
    LATE = "late", _("files have become late")
    AUDIT_PLANNED = "audit_planned", _("an audit is given to you or sent back")
    REFUND_CLAIMED = "refund_claimed", _("a refund is claimed, is to be decided soon, or is late")
    ROLE = "role", _("a role is given to you")


class Channel(TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")


class Mail(TextChoices):
    """When an e-mail goes out."""

    OFF = "", _("no e-mail")
    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day")


@dataclass(frozen=True, slots=True)
class Ways:
    """By which ways a kind of event reaches a person. What is sent by any way is in the inbox too."""

    inbox: bool = True
    mail: str = Mail.OFF
    sms: bool = False

    @property
    def any(self) -> bool:
        return self.inbox or bool(self.mail) or self.sms


@dataclass(frozen=True, slots=True)
class Words:
    """What is said: one line, a sentence, what to do, and all of it in few characters for an SMS."""

    title: Text
    text: Text
    todo: Text
    short: Text


OFFICERS = (
    Kind.ANSWER,
    Kind.PROPOSAL_ANSWERED,
    Kind.CORRECTION_SENT,
    Kind.REROUTE,
    Kind.ALLOTTED,
    Kind.LATE,
    Kind.AUDIT_PLANNED,
    Kind.REFUND_CLAIMED,
    Kind.ROLE,
)
TRADERS = tuple(kind for kind in Kind if kind not in OFFICERS)
_AT_ONCE, _DAILY = Ways(mail=Mail.AT_ONCE), Ways(mail=Mail.DAILY)
USUAL: Mapping[str, Ways] = {
    **dict.fromkeys(Kind, _AT_ONCE),
    Kind.RELEASED: _DAILY,
    Kind.MONEY_DUE: _DAILY,
    Kind.EXITED: _DAILY,
    Kind.LATE: _DAILY,
    Kind.ALLOTTED: Ways(),
    Kind.PAYMENT: Ways(),
    Kind.RECEIPT: Ways(inbox=False),
}

WORDS: Mapping[tuple[str, str], Words] = {
    (Kind.QUESTION, ""): Words(
        _("Question on {mrn}"),
        _("Customs asks a question on declaration {mrn}. The file waits for the answer."),
        _("Answer on the page of the declaration by {due}."),
        _("Customs: question on {mrn}. Answer by {due}."),
    ),
    (Kind.FILE_FOUND, ""): Words(
        _("A file is kept aside"),
        _("A virus was found in the file {name} ({found}). Nobody can open it and it proves nothing."),
        _("Clean the computer it came from and send the paper again."),
        _("Customs: a virus was found in a file you sent."),
    ),
    (Kind.ANSWER, ""): Words(
        _("Answer on {mrn}"),
        _("The declarant has answered the question on declaration {mrn}."),
        _("Read the answer in the file and go on with it."),
        _("Customs: the question on {mrn} is answered."),
    ),
    (Kind.RELEASED, ""): Words(
        _("{mrn} is released"),
        _("The goods of declaration {mrn} are released."),
        _("The release note is on the page of the declaration."),
        _("Customs: {mrn} is released."),
    ),
    (Kind.REJECTED, ""): Words(
        _("{mrn} is rejected"),
        _("Customs has rejected declaration {mrn}. What was paid or held for it is given back."),
        _("Read the reason on the page of the declaration, then correct a copy and lodge it."),
        _("Customs: {mrn} is rejected."),
    ),
    (Kind.AMENDED, ""): Words(
        _("{mrn} was amended"),
        _("Declaration {mrn} was amended: version {version} has taken the place of the one before."),
        _("See on the page of the declaration what has changed, and what is due now."),
        _("Customs: {mrn} was amended."),
    ),
    (Kind.AMENDED, "cancelled"): Words(
        _("{mrn} was cancelled"),
        _("Declaration {mrn} was cancelled. What was paid or held for it is given back."),
        _("There is nothing to do."),
        _("Customs: {mrn} was cancelled."),
    ),
    (Kind.EXITED, ""): Words(
        _("The goods of {mrn} have left"),
        _("The border office has confirmed that the goods of declaration {mrn} have left the country."),
        _("There is nothing to do."),
        _("Customs: the goods of {mrn} have left."),
    ),
    (Kind.MONEY_DUE, ""): Words(
        _("{amount} due on {mrn}"),
        _("Declaration {mrn} is assessed: {amount} is due."),
        _("Pay it on the page of the declaration; the goods are not released before."),
        _("Customs: {amount} is due on {mrn}."),
    ),
    (Kind.MONEY_DUE, "guarantee"): Words(
        _("{amount} to secure on {mrn}"),
        _("Declaration {mrn} is assessed: {amount} has to be secured by a guarantee."),
        _("Secure it on the page of the declaration; the goods are not released before."),
        _("Customs: {amount} to secure on {mrn}."),
    ),
    (Kind.PAYMENT, ""): Words(
        _("{amount} paid for {mrn}"),
        _("A payment of {amount} for declaration {mrn} is booked."),
        _("There is nothing to do."),
        _("Customs: {amount} booked for {mrn}."),
    ),
    (Kind.PAYMENT, "kept"): Words(
        _("{amount} on your account"),
        _("{amount} came from the bank and is on the prepaid account of {company}."),
        _("You can pay declarations from it."),
        _("Customs: {amount} came to your account."),
    ),
    (Kind.PAYMENT_FAILED, ""): Words(
        _("A payment of {amount} has failed"),
        _("The payment of {amount} at the bank has failed. Nothing was booked."),
        _("Pay again, or pay from an account."),
        _("Customs: a payment of {amount} has failed."),
    ),
    (Kind.RECEIPT, ""): Words(
        _("Receipt {number} is ready"),
        _("The receipt {number} of {amount} for declaration {mrn} is ready."),
        _("It is on the page of the declaration."),
        _("Customs: receipt {number} is ready."),
    ),
    (Kind.REFUND, ""): Words(
        _("{amount} granted on claim {number}"),
        _("Customs has granted {amount} on claim {number} for declaration {mrn} and credited the account that paid."),
        _("Read the decision on the page of the claim."),
        _("Customs: {amount} granted on claim {number}."),
    ),
    (Kind.REFUND, "refused"): Words(
        _("Claim {number} is refused"),
        _("Customs has refused claim {number} for declaration {mrn}."),
        _("Read the grounds on the page of the claim."),
        _("Customs: claim {number} is refused."),
    ),
    (Kind.REFUND_CLAIMED, ""): Words(
        _("Claim {number}: {amount}"),
        _("{amount} is claimed back on declaration {mrn} by claim {number}."),
        _("Decide on it by {due}."),
        _("Customs: claim {number}, to be decided by {due}."),
    ),
    (Kind.REFUND_CLAIMED, "soon"): Words(
        _("Claim {number} is to be decided soon"),
        _("Claim {number} of {amount} on declaration {mrn} is still open. Customs’ clock runs out on {due}."),
        _("Decide on it by {due}."),
        _("Customs: claim {number}, to be decided by {due}."),
    ),
    (Kind.REFUND_CLAIMED, "late"): Words(
        _("Claim {number} is late"),
        _("Claim {number} on declaration {mrn} was to be decided by {due} and is still open."),
        _("Decide on it at once."),
        _("Customs: claim {number} is late."),
    ),
    (Kind.PAY_OUT, ""): Words(
        _("{amount} paid out"),
        _("The bank has paid {amount} under the reference {number}."),
        _("There is nothing to do."),
        _("Customs: {amount} paid out, {number}."),
    ),
    (Kind.PAY_OUT, "returned"): Words(
        _("{amount} came back from the bank"),
        _("The pay-out {number} of {amount} came back and is on your balance again. {decision}"),
        _("Check the bank account and order the pay-out again."),
        _("Customs: pay-out {number} came back."),
    ),
    (Kind.PAY_OUT, "refused"): Words(
        _("Pay-out {number} is refused"),
        _("The treasury has refused the pay-out {number} of {amount}: {decision}"),
        _("The money is on your balance."),
        _("Customs: pay-out {number} is refused."),
    ),
    (Kind.BANK_ACCOUNT, ""): Words(
        _("A bank account of {company} waits for you"),
        _("The bank account {number} was added for {company}. It counts once another person has confirmed it."),
        _("Compare it and confirm it on its page, or end it."),
        _("Customs: a bank account waits to be confirmed."),
    ),
    (Kind.DEFERRED, ""): Words(
        _("Statement {number}: {amount} by {day}"),
        _("Statement {number} of the deferred payment account of {company} is made: {amount} is to be paid by {day}."),
        _("It is on the page of payments; pay it by transfer, at the bank or from the prepaid account."),
        _("Customs: statement {number}, {amount} by {day}."),
    ),
    (Kind.DEFERRED, "reminder"): Words(
        _("{amount} of statement {number} is due on {day}"),
        _("{amount} of statement {number} of {company} is not paid yet and due on {day}."),
        _("Pay it by then: later nothing more is taken on credit."),
        _("Customs: {amount} of statement {number} is due on {day}."),
    ),
    (Kind.DEFERRED, "overdue"): Words(
        _("Statement {number} is overdue"),
        _("{amount} of statement {number} of {company} was to be paid by {day}. Nothing more is taken on credit."),
        _("Pay it on the page of payments. Other ways to pay declarations work as before."),
        _("Customs: statement {number} is overdue, credit is blocked."),
    ),
    (Kind.AUTO_PAYMENT, "each"): Words(
        _("{mrn} is not paid automatically"),
        _("{amount} is due on {mrn}, more than {company} allows for one declaration."),
        _("Pay it on the page of the declaration, or raise the ceiling."),
        _("Customs: {mrn} is not paid automatically."),
    ),
    (Kind.AUTO_PAYMENT, "daily"): Words(
        _("{mrn} is not paid automatically"),
        _("{amount} is due on {mrn}; with it {company} would pay more than it allows for one day."),
        _("Pay it on the page of the declaration, or raise the ceiling."),
        _("Customs: {mrn} is not paid automatically."),
    ),
    (Kind.AUTO_PAYMENT, "refused"): Words(
        _("{mrn} is not paid automatically"),
        _("{amount} is due on {mrn}, and the account of {company} could not pay it ({reason})."),
        _("Put money on the account, or pay the declaration another way on its page."),
        _("Customs: {mrn} is not paid automatically."),
    ),
    (Kind.STOCK_DUE, ""): Words(
        _("Goods of {mrn} are due soon"),
        _("Goods that declaration {mrn} has placed under suspension have to be discharged soon."),
        _("Discharge them, or ask for an extension, on the page of the declaration."),
        _("Customs: goods of {mrn} are due soon."),
    ),
    (Kind.STOCK_DUE, "overdue"): Words(
        _("Goods of {mrn} are overdue"),
        _("The term of goods that declaration {mrn} has placed under suspension is over."),
        _("Discharge them at once; customs may call the guarantee."),
        _("Customs: goods of {mrn} are overdue."),
    ),
    (Kind.STOCK_DUE, "decided"): Words(
        _("More time for goods of {mrn}: decided"),
        _("Customs has decided on the request for more time for goods of declaration {mrn}."),
        _("Read the decision and the term on the page of the stock account."),
        _("Customs: more time for goods of {mrn} is decided."),
    ),
    (Kind.MONEY_DUE, "levy"): Words(
        _("{amount} charged on {mrn}"),
        _("Customs have charged {amount} on declaration {mrn} after its assessment."),
        _("Read on the page of the declaration for what, and pay it there."),
        _("Customs: {amount} is charged on {mrn}."),
    ),
    (Kind.GUARANTEE, ""): Words(
        _("Guarantee {guarantee} ends on {day}"),
        _("Guarantee {guarantee} ends on {day} and still secures {amount}."),
        _("Have it prolonged, or put what it holds under another guarantee by then."),
        _("Customs: a guarantee ends on {day}."),
    ),
    (Kind.GUARANTEE, "expired"): Words(
        _("Guarantee {guarantee} has expired"),
        _("Guarantee {guarantee} expired on {day} and still secures {amount}. Nothing is released against it."),
        _("Have it prolonged at once, or put what it holds under another guarantee."),
        _("Customs: a guarantee has expired."),
    ),
    (Kind.GUARANTEE, "called"): Words(
        _("{amount} called on {mrn}"),
        _("Suspended duty of {amount} on declaration {mrn} was called."),
        _("Read on the page of the declaration why, and pay what the guarantee did not cover."),
        _("Customs: {amount} was called on {mrn}."),
    ),
    (Kind.PROPOSAL, ""): Words(
        _("Correction of {mrn} proposed"),
        _("Customs proposes a correction of declaration {mrn}."),
        _("Accept or contest it on the page of the declaration."),
        _("Customs: a correction of {mrn} is proposed."),
    ),
    (Kind.PROPOSAL_ANSWERED, ""): Words(
        _("Proposal on {mrn} answered"),
        _("The declarant has answered the proposed correction of declaration {mrn}."),
        _("Read the answer in the file and go on with it."),
        _("Customs: the proposal on {mrn} is answered."),
    ),
    (Kind.CORRECTION_SENT, ""): Words(
        _("Correction of {mrn} asked for"),
        _("The declarant asks for a correction of declaration {mrn}."),
        _("Decide on it in the file."),
        _("Customs: a correction of {mrn} is asked for."),
    ),
    (Kind.CORRECTION_DECIDED, ""): Words(
        _("Correction of {mrn} decided"),
        _("Customs has decided on the correction of declaration {mrn}."),
        _("Read the decision on the page of the declaration."),
        _("Customs: the correction of {mrn} is decided."),
    ),
    (Kind.MANDATE, ""): Words(
        _("Mandate: {principal} → {agent}"),
        _("{principal} has given a mandate to {agent}."),
        _("There is nothing to do."),
        _("Customs: a mandate was given."),
    ),
    (Kind.MANDATE, "revoked"): Words(
        _("Mandate revoked: {principal} → {agent}"),
        _("{principal} has revoked the mandate of {agent}. What was lodged under it stays valid."),
        _("There is nothing to do."),
        _("Customs: a mandate was revoked."),
    ),
    (Kind.MANDATE_ENDING, ""): Words(
        _("Mandate ends on {day}: {principal} → {agent}"),
        _("The mandate that {principal} has given to {agent} ends on {day}."),
        _("If it shall go on, the owner of {principal} gives a new one by then."),
        _("Customs: a mandate ends on {day}."),
    ),
    (Kind.COMPANY, ""): Words(
        _("{company} is confirmed"),
        _("The customs service has confirmed {company}. It may now lodge declarations and pay. {decision}"),
        _("You can lodge the first declaration."),
        _("Customs: your company is confirmed."),
    ),
    (Kind.COMPANY, "refused"): Words(
        _("{company} is not confirmed"),
        _("The customs service has not confirmed {company}: {decision}"),
        _("Mend what is said there and register the company again."),
        _("Customs: your company is not confirmed."),
    ),
    (Kind.REROUTE, ""): Words(
        _("{mrn}: a change of lane waits for you"),
        _("A supervisor asks to give the file of declaration {mrn} less control. A second officer has to agree."),
        _("Read the reason in the file, then agree or say why it stays."),
        _("Customs: a change of lane of {mrn} waits for you."),
    ),
    (Kind.ALLOTTED, ""): Words(
        _("{mrn} is allotted to you"),
        _("The file of declaration {mrn} was allotted to you."),
        _("Open it and go on with it."),
        _("Customs: {mrn} is allotted to you."),
    ),
    (Kind.LATE, ""): Words(
        _("{mrn} is late"),
        _("The file of declaration {mrn} is past its target time and still open."),
        _("See to it that an officer works on it."),
        _("Customs: {mrn} is late."),
    ),
    (Kind.LATE, "audit"): Words(
        _("The audit of {mrn} is overdue"),
        _("The audit of the released declaration {mrn} was due by {due} and is not closed."),
        _("Go on with it, or agree with a supervisor how it ends."),
        _("Customs: the audit of {mrn} is overdue."),
    ),
    (Kind.LATE, "company"): Words(
        _("The audit of {company} is overdue"),
        _("The audit of {company} was due by {due} and is not closed."),
        _("Go on with it, or agree with a supervisor how it ends."),
        _("Customs: the audit of {company} is overdue."),
    ),
    (Kind.AUDIT, ""): Words(
        _("Audit of {mrn} ended"),
        _("Customs has looked into the released declaration {mrn} and closed the audit."),
        _("Read the conclusion on the page of the declaration."),
        _("Customs: the audit of {mrn} is closed."),
    ),
    (Kind.AUDIT, "notice"): Words(
        _("Audit of {company} announced"),
        _("Customs audits {company} for the time from {first} to {last} and visits it from {visit} on."),
        _("Read the notice under “Audits of your company” on your desk and prepare what it names."),
        _("Customs: an audit of your company from {visit} on."),
    ),
    (Kind.AUDIT, "report"): Words(
        _("Audit of {company} ended"),
        _("Customs has closed the audit of {company} for the time from {first} to {last}."),
        _("Read the report under “Audits of your company” on your desk."),
        _("Customs: the audit of your company is closed."),
    ),
    (Kind.AUDIT_PLANNED, ""): Words(
        _("Audit of {mrn}"),
        _("The audit of the released declaration {mrn} is yours. It is due by {due}."),
        _("Open it from the desk of audits."),
        _("Customs: the audit of {mrn} is yours."),
    ),
    (Kind.ROLE, ""): Words(
        _("You have a new role"),
        _("You now hold the role “{role}”{office}."),
        _("Set up a second factor at your next sign-in if you have none."),
        _("Customs: you have a new role."),
    ),
}
