"""A statement as the bank message camt.053.001.08 (ISO 20022), so that bookkeeping programs read it as a bank's."""

from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree

from django.utils import timezone

from lib.figures import ZERO, plain
from lib.sheets import without_control
from payments.statement.period import Line, Statement, lines_of

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
Element = ElementTree.Element


def bank_message(statement: Statement, *, at: datetime) -> bytes:
    """The statement as XML; `at` is when it was made. Its message names account, period and that instant."""
    root = Element("Document", xmlns=NAMESPACE)
    message = _under(root, "BkToCstmrStmt")
    header = _under(message, "GrpHdr")
    identity = f"{statement.account.pk}-{statement.first:%Y%m%d}-{statement.last:%Y%m%d}"
    _text(header, "MsgId", f"{identity}-{at:%H%M%S%f}"[:35])
    _text(header, "CreDtTm", _moment(at))
    body = _under(message, "Stmt")
    _text(body, "Id", identity)
    _text(body, "CreDtTm", _moment(at))
    period = _under(body, "FrToDt")
    _text(period, "FrDtTm", f"{statement.first}T00:00:00")
    _text(period, "ToDtTm", f"{statement.last}T23:59:59")
    _account(body, statement)
    _balance(body, "OPBD", statement.opening, statement.first, statement.account.currency)
    _balance(body, "CLBD", statement.closing, statement.last, statement.account.currency)
    for line in lines_of(statement):
        _entry(body, line, currency=statement.account.currency)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _account(body: Element, statement: Statement) -> None:
    account = _under(body, "Acct")
    _text(_under(_under(account, "Id"), "Othr"), "Id", str(statement.account.pk))
    _text(account, "Ccy", statement.account.currency)
    if statement.account.company is not None:
        _text(_under(account, "Ownr"), "Nm", statement.account.company.name[:140])


def _balance(body: Element, code: str, amount: Decimal, day: date, currency: str) -> None:
    balance = _under(body, "Bal")
    _text(_under(_under(balance, "Tp"), "CdOrPrtry"), "Cd", code)
    _amount(balance, amount, currency)
    _text(_under(balance, "Dt"), "Dt", day.isoformat())


def _entry(body: Element, line: Line, *, currency: str) -> None:
    entry = _under(body, "Ntry")
    _text(entry, "NtryRef", str(line.entry))
    _amount(entry, line.change, currency)
    _text(_under(entry, "Sts"), "Cd", "BOOK")
    _text(_under(entry, "BookgDt"), "DtTm", _moment(line.at))
    _text(entry, "AcctSvcrRef", str(line.entry))
    _text(_under(_under(entry, "BkTxCd"), "Prtry"), "Cd", line.kind_code)
    details = _under(_under(entry, "NtryDtls"), "TxDtls")
    if line.mrn:
        _text(_under(details, "Refs"), "EndToEndId", line.mrn)
    told = without_control(line.text)[:140]
    if told:
        _text(_under(details, "RmtInf"), "Ustrd", told)


def _amount(parent: Element, amount: Decimal, currency: str) -> None:
    _text(parent, "Amt", plain(abs(amount), least=2)).set("Ccy", currency)
    _text(parent, "CdtDbtInd", "CRDT" if amount >= ZERO else "DBIT")


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


def _under(parent: Element, name: str) -> Element:
    return ElementTree.SubElement(parent, name)


def _text(parent: Element, name: str, text: str) -> Element:
    made = _under(parent, name)
    made.text = text
    return made
