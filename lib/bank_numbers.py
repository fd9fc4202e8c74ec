"""Numbers of accounts at banks as people write them: an IBAN with check digits, or a domestic number and its bank."""

import re
from dataclasses import dataclass
from typing import Any

from stdnum import bic, iban
from stdnum.exceptions import InvalidChecksum, ValidationError

_BETWEEN = re.compile(r"[\s.\-/]+")
_LIKE_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]*")


class NotAnAccount(Exception):
    """`field` is "number" or "bank_code"; `why` is "checksum", "format" or "bank"."""

    def __init__(self, field: str, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(f"{field}: {why}")


@dataclass(frozen=True, slots=True)
class BankNumber:
    """An account: its number without spaces, and the code of its bank, which an IBAN need not have."""

    number: str
    is_iban: bool
    bank_code: str = ""


def read_bank_number(number: str, bank_code: str, *, domestic: str, domestic_bank: str) -> BankNumber:
    """What is written, read strictly. `domestic` and `domestic_bank` are the country's own patterns.

    Raises NotAnAccount.
    """
    found, bank = (_BETWEEN.sub("", each).upper() for each in (number, bank_code))
    if _LIKE_IBAN.match(found):
        _check_iban(found)
        if bank and not (bic.is_valid(bank) or re.fullmatch(domestic_bank, bank)):
            raise NotAnAccount("bank_code", "bank")
        return BankNumber(found, is_iban=True, bank_code=bank)
    if not (found.isascii() and re.fullmatch(domestic, found)):
        raise NotAnAccount("number", "format")
    if not (bic.is_valid(bank) or (bank.isascii() and re.fullmatch(domestic_bank, bank))):
        raise NotAnAccount("bank_code", "bank")
    return BankNumber(found, is_iban=False, bank_code=bank)


def is_bic(code: str) -> bool:
    """Whether the code is a BIC, and not a domestic one."""
    return bool(bic.is_valid(code))


def _check_iban(number: str) -> None:
    checks: Any = iban
    try:
        checks.validate(number)
    except InvalidChecksum:
        raise NotAnAccount("number", "checksum") from None
    except ValidationError:
        raise NotAnAccount("number", "format") from None
