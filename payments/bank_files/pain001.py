"""Writes pain.001.001.09 (ISO 20022, customer credit transfer initiation): what our bank is asked to pay out.

No library that writes it knows domestic account numbers and codes of banks as this country has them, so the message is
written here; each one is judged by the schema of ISO 20022 before anybody sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import xmlschema

from lib.bank_numbers import is_bic
from lib.figures import ZERO, plain

FORM = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{FORM}"
Element = ElementTree.Element


class NotValid(Exception):
    """The message does not follow the schema: nothing of it may reach a bank."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who pays or is paid, and where: an IBAN, or a domestic number with the code of its bank."""

    name: str
    number: str
    is_iban: bool
    bank_code: str = ""
    bank_name: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment. `reference` comes back in the statement (EndToEndId); `text` is what the payee reads."""

    reference: str
    amount: Decimal
    payee: Party
    text: str


@dataclass(frozen=True, slots=True)
class Order:
    """A message: its number, when it was made, on which day it is to be carried out, who pays what."""

    number: str
    made: datetime
    on: date
    currency: str
    payer: Party
    transfers: Sequence[Transfer]


def build(order: Order) -> bytes:
    """The message as XML. Raises NotValid."""
    root = Element("Document", xmlns=NAMESPACE)
    message = _under(root, "CstmrCdtTrfInitn")
    total = sum((each.amount for each in order.transfers), ZERO)
    header = _under(message, "GrpHdr")
    _text(header, "MsgId", order.number)
    _text(header, "CreDtTm", order.made.isoformat(timespec="seconds"))
    _sums(header, order, total)
    _text(_under(header, "InitgPty"), "Nm", order.payer.name[:140])
    body = _under(message, "PmtInf")
    _text(body, "PmtInfId", order.number)
    _text(body, "PmtMtd", "TRF")
    _text(body, "BtchBookg", "false")  # each payment is its own entry of the statement
    _sums(body, order, total)
    _text(_under(body, "ReqdExctnDt"), "Dt", order.on.isoformat())
    _text(_under(body, "Dbtr"), "Nm", order.payer.name[:140])
    _account(body, "DbtrAcct", order.payer)
    _agent(body, "DbtrAgt", order.payer)
    _text(body, "ChrgBr", "SLEV")
    for transfer in order.transfers:
        _transfer(body, transfer, order.currency)
    ElementTree.indent(root)
    content = bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
    judge(content)
    return content


def judge(content: bytes) -> None:
    """Raise NotValid with the first fault that the schema finds."""
    fault = next(iter(_schema().iter_errors(content)), None)
    if fault is not None:
        raise NotValid(f"{fault.path}: {fault.reason}")


@lru_cache(maxsize=1)
def _schema() -> Any:
    """The schema of ISO 20022 as the package `sepaxml` brings it."""
    return xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / f"{FORM}.xsd"))


def _transfer(body: Element, transfer: Transfer, currency: str) -> None:
    made = _under(body, "CdtTrfTxInf")
    identity = _under(made, "PmtId")
    _text(identity, "InstrId", transfer.reference)
    _text(identity, "EndToEndId", transfer.reference)
    _text(_under(made, "Amt"), "InstdAmt", plain(transfer.amount, least=2)).set("Ccy", currency)
    if transfer.payee.bank_code or transfer.payee.bank_name:
        _agent(made, "CdtrAgt", transfer.payee)
    _text(_under(made, "Cdtr"), "Nm", transfer.payee.name[:140])
    _account(made, "CdtrAcct", transfer.payee)
    _text(_under(made, "RmtInf"), "Ustrd", transfer.text[:140])


def _sums(parent: Element, order: Order, total: Decimal) -> None:
    _text(parent, "NbOfTxs", str(len(order.transfers)))
    _text(parent, "CtrlSum", plain(total, least=2))


def _account(parent: Element, name: str, party: Party) -> None:
    identity = _under(_under(parent, name), "Id")
    if party.is_iban:
        _text(identity, "IBAN", party.number)
    else:
        _text(_under(identity, "Othr"), "Id", party.number)


def _agent(parent: Element, name: str, party: Party) -> None:
    """A BIC where there is one, else the bank's domestic code; its name beside it."""
    bank = _under(_under(parent, name), "FinInstnId")
    if party.bank_code and is_bic(party.bank_code):
        _text(bank, "BICFI", party.bank_code)
    elif party.bank_code:
        _text(_under(bank, "ClrSysMmbId"), "MmbId", party.bank_code)
    if party.bank_name:
        _text(bank, "Nm", party.bank_name[:140])
    if not len(bank):
        _text(_under(bank, "Othr"), "Id", "NOTPROVIDED")


def _under(parent: Element, name: str) -> Element:
    return ElementTree.SubElement(parent, name)


def _text(parent: Element, name: str, text: str) -> Element:
    made = _under(parent, name)
    made.text = text
    return made
