"""Money that goes back in the demonstration: claims to decide, an account to confirm, pay-outs that wait or bounced."""

import io
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from accounts.models import Role, User
from declarations.models import Declaration, Status
from demo.accounts import PEOPLE, POMIR, SOMON, ZARAFSHON, Firm
from demo.people import company_of, user_of
from payments import selectors, services
from payments.models import BankAccount, BankFile, PayOut, RefundClaim
from tariffs.selectors import territory

_BANK = "350101626"
_NUMBERS = {POMIR.tin: "20206972000000000017", ZARAFSHON.tin: "20206972000000000041", SOMON.tin: "20206972000000000058"}
_PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 56>>stream\nBT /F 18 Tf 40 110 Td (A paper of the demonstration) Tj ET\n\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def exist() -> bool:
    """Whether anything was claimed or paid out."""
    return bool(RefundClaim.objects.exists() or BankAccount.objects.exists())


def pay_back(*, on: date, at: datetime) -> None:
    """Every desk of money that goes back has something to do."""
    first, second = _treasury()
    account = _account(POMIR, confirmed_by=first, at=at)
    _account(ZARAFSHON, confirmed_by=None, at=at)
    _claim(POMIR, kind="not_owed", amount="180", reason="The fee was taken twice for one consignment.", at=at)
    found = _claim(
        ZARAFSHON, kind="remission", amount="950", reason="Half of the goods was lost in the fire of 3 November.", at=at
    )
    if found is not None:
        shares = _shares(found)
        services.propose_refund(
            found, end="granted", text="The act of the fire service proves it.", granted=shares, by=first, at=at
        )
    for amount in ("12500", "860.50"):
        _order(account, amount, at=at)
    _bounced(account, first=first, second=second, on=on, at=at)


def _treasury() -> tuple[User, User]:
    people = [person.email for person in PEOPLE if person.role == Role.TREASURY]
    first, second = (User.objects.get(email=email) for email in people[:2])
    return first, second


def _account(firm: Firm, *, confirmed_by: User | None, at: datetime) -> BankAccount:
    told = services.Particulars(_NUMBERS[firm.tin], _BANK, "Amonatbonk")
    papers = [("bank.pdf", _PAPER)]
    made = services.add_bank_account(company_of(firm), told, papers=papers, by=user_of(firm), at=at)
    return services.confirm_by_paper(made, by=confirmed_by, at=at) if confirmed_by else made


def _claim(firm: Firm, *, kind: str, amount: str, reason: str, at: datetime) -> RefundClaim | None:
    """On the last released declaration for which the company itself has paid that much."""
    company, wanted = company_of(firm), Decimal(amount)
    released = Declaration.objects.filter(trader=company, status=Status.RELEASED).order_by("-pk")
    for declaration in released.defer("held", "kept")[:40]:
        if selectors.paid_by_company(declaration.mrn, company) >= wanted and selectors.due(declaration) == 0:
            told = services.Wanted(kind=kind, reason=reason, amount=wanted, papers=[("paper.pdf", _PAPER)])
            return services.claim_refund(
                declaration, company=company, wanted=told, by=user_of(firm), at=at, idempotency_key=f"demo:{kind}"
            )
    return None


def _shares(claim: RefundClaim) -> dict[str, Decimal]:
    """What is claimed, of each tax in turn as much as was paid."""
    rest, shares = claim.amount, {}
    for tax, paid in selectors.paid_positive(claim.mrn).items():
        shares[tax] = min(rest, paid)
        rest -= shares[tax]
    return shares


def _order(account: BankAccount, amount: str, *, at: datetime) -> PayOut:
    return services.order_pay_out(
        account.company, bank_account=account, amount=Decimal(amount), by=account.added_by, at=at,
        idempotency_key=f"demo:pay-out:{amount}",
    )  # fmt: skip


def _bounced(account: BankAccount, *, first: User, second: User, on: date, at: datetime) -> None:
    """One that was sent, paid and came back; another one is approved and goes with the next file."""
    sent = services.approve_pay_out(_order(account, "2400", at=at), by=first, at=at)
    file = services.make_payment_file(by=first, at=at)
    services.mark_file_sent(file, by=second, at=at)
    currency = territory().currency
    entries = "".join(
        f'<Ntry><Amt Ccy="{currency}">{sent.amount:.2f}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>DEMO-{side}-{sent.reference}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{sent.reference}</EndToEndId></Refs>{why}</TxDtls></NtryDtls></Ntry>"
        for side, why in (
            ("DBIT", ""), ("CRDT", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Account closed</AddtlInf></RtrInf>"),
        )
    )  # fmt: skip
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">126540.40</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
        for code in ("OPBD", "CLBD")
    )
    message = (
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        f"<Stmt><Id>statement-3</Id><CreDtTm>{on}T19:00:00</CreDtTm>"
        f"<Acct><Id><Othr><Id>{settings.BANK_ACCOUNTS[0]}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
        f"{balances}{entries}</Stmt></BkToCstmrStmt></Document>"
    )
    kept, _new = services.receive_file(
        name="statement-3.xml", content=io.BytesIO(message.encode()), source=BankFile.Source.FOLDER, by=None, at=at
    )
    services.book_file(kept.pk, at=at)
    services.approve_pay_out(_order(account, "375", at=at), by=first, at=at)
