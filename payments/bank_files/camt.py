"""Reads camt.053 (statement) and camt.054 (notification) of ISO 20022, versions 2 to 8, by local names.

What differs between the versions is where a state, a party's name or an amount stands; each place is tried.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import IO

from lib.figures import ZERO
from payments.bank_files.faults import FaultyFile
from payments.bank_files.tree import Node, Stream
from payments.bank_files.values import Begun, Ended, Event, Movement, Part

FORM = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.05[34]\.001\.0[2-8])")
_NUMBER = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,10})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_NO_REFERENCE = ("", "NOTPROVIDED", "NONREF")
_STATEMENTS = frozenset({"Stmt", "Ntfctn"})


def read(file: IO[bytes]) -> Iterator[tuple[str, Event]]:
    """The form of the message with each event. Raises FaultyFile."""
    stream = Stream(file, _STATEMENTS | {"Ntry"})
    statements = entries = 0
    begun: Begun | None = None
    form = ""
    for what, node in stream.events():
        form = form or _form_of(stream)
        if what == "begun" and node.name in _STATEMENTS and begun is None:  # the first entry begins: the head is over
            begun = _begun(node, f"statements[{statements}]")
            yield form, begun
        elif what == "over" and node.name == "Ntry" and begun is not None:
            place = f"statements[{statements}].entries[{entries}]"
            entries += 1
            if _is_booked(node):
                yield form, _movement(node, begun, place)
        elif what == "over" and node.name in _STATEMENTS:
            place = f"statements[{statements}]"
            if begun is None:
                yield form, _begun(node, place)
            yield form, Ended(place)
            begun, entries, statements = None, 0, statements + 1
    if not statements:
        raise FaultyFile("B009", detail="Stmt / Ntfctn") if _form_of(stream) else FaultyFile("B001")


def _form_of(stream: Stream) -> str:
    known = FORM.fullmatch(stream.namespace)
    if known is None:
        raise FaultyFile("B001")
    return known[1]


def _begun(node: Node, place: str) -> Begun:
    account = node.take("Acct/Id/IBAN", "Acct/Id/Othr/Id")
    if not account:
        raise FaultyFile("B009", f"{place}.account", detail="Acct/Id")
    balances = [(balance, balance.take("Tp/CdOrPrtry/Cd")) for balance in node.all("Bal")]
    currency = node.take("Acct/Ccy") or next((each.currency for each in node.all("Bal/Amt")), "")
    has_balances = node.name == "Stmt"
    opening = _balance(balances, _OPENING, currency, f"{place}.opening") if has_balances else None
    closing = _balance(balances, _CLOSING, currency, f"{place}.closing", last=True) if has_balances else None
    days = [node.take(f"FrToDt/{name}")[:10] for name in ("FrDtTm", "ToDtTm")]
    made = _day_or_none(node.take("CreDtTm")[:10])
    first, last = (_day_or_none(each) for each in days)
    return Begun(
        number=(node.take("ElctrncSeqNb", "LglSeqNb") or node.take("Id"))[:60],
        account=account,
        currency=currency,
        first=first or made,
        last=last or made,
        opening=opening,
        closing=closing,
        has_balances=has_balances,
    )


def _balance(
    balances: list[tuple[Node, str]], codes: tuple[str, ...], currency: str, place: str, *, last: bool = False
) -> Decimal | None:
    """The booked balance of these codes; of a page in the middle, the first or last interim one."""
    for code in (*codes, "ITBD"):
        found = [balance for balance, its_code in balances if its_code == code]
        if found:
            balance = found[-1 if last else 0]
            amount = balance.find("Amt")
            if amount is not None and currency and amount.currency not in ("", currency):
                raise FaultyFile("B005", place, found=amount.currency, wanted=currency)
            return _signed(balance, currency, place, may_be_zero=True)
    return None


def _is_booked(node: Node) -> bool:
    """Whether the money has moved: what is pending or told for information comes again when it has."""
    return node.take("Sts/Cd", "Sts") in ("BOOK", "")


def _movement(node: Node, begun: Begun, place: str) -> Movement:
    amount = node.find("Amt")
    currency = amount.currency if amount is not None else ""
    signed = _signed(node, currency or begun.currency, f"{place}.amount")
    day = _day_or_none(node.take("ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm")[:10]) or begun.last
    if day is None:
        raise FaultyFile("B009", f"{place}.value_date", detail="ValDt")
    details = node.all("NtryDtls/TxDtls")
    reference = node.take("AcctSvcrRef")
    if not reference and len(details) == 1:
        reference = details[0].take("Refs/AcctSvcrRef")
    return Movement(
        place=place,
        account=begun.account,
        amount=signed,
        currency=currency or begun.currency,
        is_reversal=node.take("RvslInd").lower() in ("true", "1") or any(each.find("RtrInf") for each in details),
        value_date=day,
        bank_reference=reference[:60],
        parts=_parts(node, details, abs(signed), currency or begun.currency, is_credit=signed > 0),
    )


def _parts(node: Node, details: list[Node], whole: Decimal, currency: str, *, is_credit: bool) -> tuple[Part, ...]:
    """The payments of which the entry consists, where they are told with amounts that make up the whole; else one."""
    if len(details) > 1:
        amounts = [_amount_of(each, currency) for each in details]
        if all(amount > 0 for amount in amounts) and sum(amounts, ZERO) == whole:
            return tuple(
                _part([each], amount, "", is_credit=is_credit) for each, amount in zip(details, amounts, strict=True)
            )
    batch = node.take("NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId") if not details else ""
    return (_part(details, whole, node.take("AddtlNtryInf"), is_credit=is_credit, batch=batch),)


def _amount_of(detail: Node, currency: str) -> Decimal:
    """What the detail says it moved, in the entry's currency; zero if it does not say."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        found = detail.find(path)
        if found is not None and found.currency == currency and _NUMBER.fullmatch(found.text):
            return Decimal(found.text)
    return ZERO


def _part(details: list[Node], amount: Decimal, told: str, *, is_credit: bool, batch: str = "") -> Part:
    """`details` together as one payment, or a `batch` without any; the other side is who paid, or who was paid."""
    other, account = ("Dbtr", "DbtrAcct") if is_credit else ("Cdtr", "CdtrAcct")
    structured = tuple(node.text for each in details for node in each.all("RmtInf/Strd/CdtrRefInf/Ref") if node.text)
    free = [node.text for each in details for node in each.all("RmtInf/Ustrd") if node.text]
    free += [why for each in details if (why := _why_returned(each))]
    first = details[0] if details else Node("TxDtls")
    payers = next((text for each in details if (text := _payers_reference(each))), "") or batch
    return Part(
        amount=amount,
        payers_reference=payers[:60],
        references=tuple(dict.fromkeys([*structured, *([payers] if payers else [])]))[:20],
        text=" ".join([*free, *([told] if told else [])])[:500],
        payer=first.take(f"RltdPties/{other}/Nm", f"RltdPties/{other}/Pty/Nm")[:140],
        payer_account=first.take(f"RltdPties/{account}/Id/IBAN", f"RltdPties/{account}/Id/Othr/Id")[:40],
    )


def _why_returned(detail: Node) -> str:
    """The bank's reason for a return: a code of ISO 20022 such as AC04, and its words."""
    code, words = detail.take("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"), detail.take("RtrInf/AddtlInf")
    return f"{code} {words}".strip()


def _payers_reference(detail: Node) -> str:
    for name in ("EndToEndId", "TxId", "InstrId"):
        text = detail.take(f"Refs/{name}", f"RtrInf/OrgnlTxRef/{name}")
        if text.upper() not in _NO_REFERENCE:
            return text
    return ""


def _signed(node: Node, currency: str, place: str, *, may_be_zero: bool = False) -> Decimal:
    amount, side = node.take("Amt"), node.take("CdtDbtInd")
    if not _NUMBER.fullmatch(amount) or (Decimal(amount) == 0 and not may_be_zero):
        raise FaultyFile("B006", place, found=amount, currency=currency)
    if side not in ("CRDT", "DBIT"):
        raise FaultyFile("B009", place, detail="CdtDbtInd")
    return Decimal(amount) if side == "CRDT" else -Decimal(amount)


def _day_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
