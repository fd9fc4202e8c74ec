"""What a payer writes on a bank transfer to the administration: account, holder, bank, and the reference."""

from dataclasses import dataclass

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from lib.creditor_reference import in_groups, reference_of


@dataclass(frozen=True, slots=True)
class Transfer:
    """No scheme of QR codes for transfers fits every country: the code holds these lines as text, to be copied."""

    account: str
    holder: str
    bank: str
    reference: str
    amount: str = ""

    @property
    def grouped(self) -> str:
        """The reference as it is printed."""
        return in_groups(self.reference) if self.reference else ""

    @property
    def text(self) -> str:
        """One particular on a line, as a bank's form asks for them."""
        return "\n".join(each for each in (self.holder, self.bank, self.account, self.reference, self.amount) if each)

    @property
    def qr(self) -> SafeString:
        """The text as a QR code that fills its place."""
        drawing = segno.make(self.text, error="m", micro=False).svg_inline(omitsize=True, border=2)
        return mark_safe(drawing)  # noqa: S308 - drawn here


def transfer_for(kind: str, number: str, *, amount: str = "") -> Transfer:
    """The particulars of a transfer for a company's TIN or a declaration's MRN."""
    return Transfer(
        account=settings.BANK_ACCOUNTS[0].strip(),
        holder=settings.BANK_ACCOUNT_HOLDER,
        bank=settings.BANK_NAME,
        reference=reference_of(kind, number),
        amount=amount,
    )
