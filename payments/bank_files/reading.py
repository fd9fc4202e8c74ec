"""A file of statements from its first byte to its last: which form it has, and whether all of it may be booked."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import IO

from lib.figures import ZERO, plain
from lib.money import Currency, round_money
from payments.bank_files import camt, swift
from payments.bank_files.faults import FaultyFile
from payments.bank_files.values import Begun, Ended, Event, Movement

_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Ours:
    """Our accounts at banks, as they are written without spaces, and the currency they are kept in."""

    accounts: Sequence[str]
    currency: Currency


@dataclass(slots=True)
class Told:
    """A statement that was read: its head, how many movements, and what they sum to."""

    begun: Begun
    count: int = 0
    total: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Judged:
    """A file that may be booked."""

    form: str
    statements: list[Told]

    @property
    def total(self) -> int:
        return sum(each.count for each in self.statements)


def judge(file: IO[bytes], ours: Ours) -> Judged:
    """Read the whole file and keep only its statements' heads. Raises FaultyFile: then nothing of it may be booked."""
    statements: list[Told] = []
    form = ""
    for its_form, event in _checked(file, ours):
        form = its_form
        if isinstance(event, Begun):
            statements.append(Told(event))
        elif isinstance(event, Movement):
            statements[-1].count += 1
            statements[-1].total += event.amount
        else:
            _closes(statements[-1], event)
    if not statements:
        raise FaultyFile("B001")
    return Judged(form, statements)


def movements(file: IO[bytes], ours: Ours) -> Iterator[Movement]:
    """The movements of a file that was judged, in its order, each with the key under which it is booked once."""
    for _form, event in _checked(file, ours):
        if isinstance(event, Movement):
            yield event


def awaits_statement(movement: Movement, form: str) -> bool:
    """Whether a notification tells of it without the bank's reference: the statement brings it, for sure once."""
    return form.startswith("camt.054") and not movement.bank_reference


def _checked(file: IO[bytes], ours: Ours) -> Iterator[tuple[str, Event]]:
    """Each event, judged by itself and by those before it in its statement."""
    number, seen, alike = 0, set[bytes](), Counter[bytes]()
    for form, event in _events(file):
        if isinstance(event, Begun):
            _is_ours(event, ours, f"statements[{number}]")
        elif isinstance(event, Ended):
            number += 1
            seen.clear()
            alike.clear()
        else:
            movement = replace(event, account=compact(event.account))
            _fits(movement, ours)
            key = bytes.fromhex(movement.key)[:16]
            if movement.bank_reference and key in seen:
                raise FaultyFile("B008", movement.place, found=movement.bank_reference)
            seen.add(key)
            event = movement if movement.bank_reference else replace(movement, nth=alike[key])
            alike[key] += 1
        yield form, event


def _events(file: IO[bytes]) -> Iterator[tuple[str, Event]]:
    head = file.read(_HEAD)
    file.seek(0)
    if swift.looks_like(head):
        return swift.read(file)
    if b"<" not in head.replace(b"\x00", b"").lstrip()[:8]:
        raise FaultyFile("B001")
    return camt.read(file)


def _is_ours(begun: Begun, ours: Ours, place: str) -> None:
    if compact(begun.account) not in ours.accounts:
        raise FaultyFile("B004", f"{place}.account", found=begun.account)
    if begun.currency and begun.currency != ours.currency.code:
        raise FaultyFile("B005", f"{place}.currency", found=begun.currency, wanted=ours.currency.code)
    for name in ("opening", "closing"):
        balance = getattr(begun, name)
        if begun.has_balances and balance is None:
            raise FaultyFile("B009", f"{place}.{name}", detail="OPBD" if name == "opening" else "CLBD")
        _has_decimals(balance or ZERO, ours, f"{place}.{name}")


def _fits(movement: Movement, ours: Ours) -> None:
    if movement.currency != ours.currency.code:
        raise FaultyFile("B005", f"{movement.place}.currency", found=movement.currency, wanted=ours.currency.code)
    for amount in (movement.amount, *(part.amount for part in movement.parts)):
        _has_decimals(amount, ours, f"{movement.place}.amount")


def _has_decimals(amount: Decimal, ours: Ours, place: str) -> None:
    if round_money(amount, ours.currency.decimals) != amount:
        raise FaultyFile("B006", place, found=plain(amount), currency=ours.currency.code)


def _closes(told: Told, ended: Ended) -> None:
    begun = told.begun
    if begun.opening is None or begun.closing is None:
        return
    if begun.opening + told.total != begun.closing:
        found, wanted = (plain(each, least=2) for each in (begun.closing, begun.opening + told.total))
        raise FaultyFile("B007", f"{ended.place}.closing", found=found, wanted=wanted)


def compact(account: str) -> str:
    """An account as it is compared: capitals and digits alone."""
    return "".join(sign for sign in account.upper() if sign.isalnum())
