"""A statement of the demonstration's bank, so that the cashier's desk has something to do, and one that is refused."""

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from xml.sax.saxutils import escape

from django.conf import settings

from demo.accounts import POMIR, SOMON, ZARAFSHON, Firm
from lib.creditor_reference import COMPANY, in_groups, reference_of
from payments import services
from payments.models import BankFile
from tariffs.selectors import territory


@dataclass(frozen=True)
class Came:
    """A transfer that came in."""

    amount: str
    payer: str
    text: str
    account: str


def send_statements(*, on: date, at: datetime) -> None:
    """Files as if a cashier had sent them: one does not close, and between two of them some money is missing."""
    right = reference_of(COMPANY, SOMON.tin)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    came = (
        Came("4500.00", _name(POMIR), in_groups(reference_of(COMPANY, POMIR.tin)), "20206972000000000017"),
        Came("2310.40", "Textile import", f"Advance, ref. {in_groups(wrong)}", "20206972000000000025"),
        Came("980.00", "Rahmon Davlatov", "for customs", "20206972000000000033"),
        Came("18750.00", _name(ZARAFSHON), "duties for October", "20206972000000000041"),
    )
    for days, name, amount, opening, closing in (
        (3, "statement-a.xml", "12000.00", "80000.00", "92000.00"),
        (2, "statement-b.xml", "7500.00", "92500.00", "100000.00"),  # 500.00 between them that no statement tells of
    ):
        told = (Came(amount, _name(SOMON), in_groups(right), "20206972000000000058"),)
        then = timedelta(days=days)
        _send(name, told, opening=opening, closing=closing, on=on - then, at=at - then)
    _send("statement-1.xml", came, closing="126540.40", on=on, at=at)
    _send("statement-2.xml", came[:1], closing="999999.99", on=on, at=at)
    for _time in range(3):
        services.receive_callback(body=b"{}", headers={}, at=at)


def _name(firm: Firm) -> str:
    return firm.box.partition("\n")[0]


def _send(
    name: str, came: tuple[Came, ...], *, closing: str, on: date, at: datetime, opening: str = "100000.00"
) -> None:
    content = "".join(_message(name, came, opening, closing, on))
    kept, new = services.receive_file(
        name=name, content=io.BytesIO(content.encode()), source=BankFile.Source.FOLDER, by=None, at=at
    )
    if new:
        services.book_file(kept.pk, at=at)


def _message(name: str, came: tuple[Came, ...], opening: str, closing: str, on: date) -> list[str]:
    currency = territory().currency
    told = [
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        f"<Stmt><Id>{name}</Id><CreDtTm>{on}T18:00:00</CreDtTm>"
        f"<Acct><Id><Othr><Id>{settings.BANK_ACCOUNTS[0]}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
    ]
    for code, amount in (("OPBD", opening), ("CLBD", closing)):
        told.append(
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt>'
            f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
        )
    for number, each in enumerate(came, start=1):
        told.append(
            f'<Ntry><Amt Ccy="{currency}">{each.amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
            f"<ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>DEMO-{on:%Y%m%d}-{number}</AcctSvcrRef><NtryDtls><TxDtls>"
            f"<RltdPties><Dbtr><Pty><Nm>{escape(each.payer)}</Nm></Pty></Dbtr>"
            f"<DbtrAcct><Id><Othr><Id>{each.account}</Id></Othr></Id></DbtrAcct></RltdPties>"
            f"<RmtInf><Ustrd>{escape(each.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    return [*told, "</Stmt></BkToCstmrStmt></Document>"]
