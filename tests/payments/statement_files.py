"""Small bank statements for tests: entries as values, written as camt.053, camt.054 or MT940."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings

from lib.creditor_reference import COMPANY, DECLARATION, reference_of
from payments import selectors, services
from payments.models import Account, BankFile, SuspenseItem
from tests import make

D = Decimal
DAY = date(2026, 11, 23)
OURS = settings.BANK_ACCOUNTS[0]


@dataclass(frozen=True)
class Told:
    """What a statement says of a movement; `amount` below zero went out. `details` are parts of a batch."""

    amount: str
    bank_reference: str = ""
    reference: str = ""
    text: str = ""
    payer: str = "Somon Trade LLC"
    payer_account: str = "20206972000000000042"
    end_to_end: str = ""
    reversal: bool = False
    day: date = DAY
    details: tuple[tuple[str, str], ...] = ()
    state: str = "BOOK"


def of_company(tin: str = make.TIN) -> str:
    return reference_of(COMPANY, tin)


def of_declaration(mrn: str) -> str:
    return reference_of(DECLARATION, mrn)


def camt(
    entries: Sequence[Told],
    *,
    form: str = "053",
    version: int = 8,
    opening: str = "1000.00",
    closing: str = "",
    account: str = OURS,
    currency: str = "TJS",
    number: str = "1",
) -> bytes:
    """A message with one statement, whose closing balance follows unless another one is given."""
    total = D(opening) + sum((D(each.amount) for each in entries if each.state == "BOOK"), D(0))
    root, body = ("BkToCstmrStmt", "Stmt") if form == "053" else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    balances = _balance("OPBD", D(opening), currency) + _balance("CLBD", D(closing) if closing else total, currency)
    told = "".join(_entry(each, version, currency) for each in entries)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{form}.001.{version:02}"><{root}>'
        f"<GrpHdr><MsgId>M{number}</MsgId><CreDtTm>{DAY}T18:00:00</CreDtTm></GrpHdr>"
        f"<{body}><Id>S{number}</Id><CreDtTm>{DAY}T18:00:00</CreDtTm>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
        f"{balances if form == '053' else ''}{told}</{body}></{root}></Document>"
    ).encode()


def _balance(code: str, amount: Decimal, currency: str) -> str:
    side = "CRDT" if amount >= 0 else "DBIT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{abs(amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{DAY}</Dt></Dt></Bal>'
    )


def _entry(told: Told, version: int, currency: str) -> str:
    amount = told.amount.removeprefix("-")
    side = "DBIT" if told.amount.startswith("-") else "CRDT"
    state = f"<Cd>{told.state}</Cd>" if version >= 7 else told.state
    reference = f"<AcctSvcrRef>{told.bank_reference}</AcctSvcrRef>" if told.bank_reference else ""
    parts = told.details or ((amount, told.reference),)
    details = "".join(_detail(told, part, its, version, currency) for part, its in parts)
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        f"{'<RvslInd>true</RvslInd>' if told.reversal else ''}<Sts>{state}</Sts>"
        f"<ValDt><Dt>{told.day}</Dt></ValDt>{reference}<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _detail(told: Told, amount: str, reference: str, version: int, currency: str) -> str:
    name = f"<Nm>{escape(told.payer)}</Nm>"
    party = f"<Dbtr>{f'<Pty>{name}</Pty>' if version >= 7 else name}</Dbtr>"
    of = f'<Amt Ccy="{currency}">{amount}</Amt>'
    whole = of if version >= 3 else f"<AmtDtls><TxAmt>{of}</TxAmt></AmtDtls>"
    structured = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>" if reference else ""
    free = f"<Ustrd>{escape(told.text)}</Ustrd>" if told.text else ""
    return (
        f"<TxDtls><Refs><EndToEndId>{told.end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>{whole}"
        f"<RltdPties>{party}<DbtrAcct><Id><Othr><Id>{told.payer_account}</Id></Othr></Id></DbtrAcct></RltdPties>"
        f"<RmtInf>{free}{structured}</RmtInf></TxDtls>"
    )


def mt940(entries: Sequence[Told], *, opening: str = "1000.00", closing: str = "", account: str = OURS) -> bytes:
    total = D(opening) + sum((D(each.amount) for each in entries), D(0))
    lines = [":20:S1", f":25:{account}", ":28C:1/1", f":60F:C{DAY:%y%m%d}TJS{opening.replace('.', ',')}"]
    for each in entries:
        taken = each.amount.startswith("-")
        mark = ("RC" if taken else "RD") if each.reversal else ("D" if taken else "C")
        sum_ = each.amount.removeprefix("-").replace(".", ",")
        behind = f"//{each.bank_reference}" if each.bank_reference else ""
        lines += [f":61:{each.day:%y%m%d}{each.day:%m%d}{mark}{sum_}NTRF{each.end_to_end or 'NONREF'}{behind}"]
        lines += [f":86:{each.reference} {each.text}"]
    left = D(closing or total)
    lines += [f":62F:{'D' if left < 0 else 'C'}{DAY:%y%m%d}TJS{abs(left):.2f}".replace(".", ","), "-"]
    return "\r\n".join(lines).encode()


def received(content: bytes, *, name: str = "s.xml", **who: Any) -> BankFile:
    """The file, kept; nothing is read yet."""
    told: dict[str, Any] = {"source": BankFile.Source.UPLOAD, "by": None, "at": make.AT, **who}
    return services.receive_file(name=name, content=io.BytesIO(content), **told)[0]


def booked(content: bytes, **who: Any) -> BankFile:
    """The file after the worker had it."""
    kept = received(content, **who)
    services.book_file(kept.pk, at=make.AT + timedelta(minutes=5))
    kept.refresh_from_db()
    return kept


def books() -> dict[str, Decimal]:
    """What lies at the bank, on customers' prepaid accounts and in suspense, all as positive sums."""
    prepaid = sum((each.balance for each in Account.objects.filter(kind=Account.Kind.PREPAID)), D(0))
    return {
        "bank": -selectors.balance_of_administration(Account.Kind.BANK),
        "prepaid": prepaid,
        "suspense": selectors.balance_of_administration(Account.Kind.SUSPENSE),
    }


def open_items() -> list[SuspenseItem]:
    return list(SuspenseItem.objects.filter(status=SuspenseItem.Status.OPEN).order_by("pk"))
