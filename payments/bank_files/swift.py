"""Reads MT940 through the library `mt-940`, with what the library leaves to its user: bounds, and nothing left out.

The library reads what it can and passes over the rest; so every `:61:` of the text must have become an entry.
"""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import IO, Any

import mt940

from payments.bank_files.faults import FaultyFile
from payments.bank_files.values import Begun, Ended, Event, Movement, Part

FORM = "MT940"
MOST_BYTES = 20_000_000
_LONGEST_LINE = 400
_MOST_LINES_OF_A_FIELD = 40
_BEGIN = re.compile(rb"(?:\s|\xef\xbb\xbf|\{[^\n]{0,400})*:20:")
_ENVELOPE = re.compile(r"(?m)^\{1:[^\n]*\{4:\s*|^-\}[^\n]*")
_ENTRY, _OPEN, _CLOSE = ":61:", re.compile(r"(?m)^:60[FM]:"), re.compile(r"(?m)^:62[FM]:")
_CURRENCY_BEHIND = re.compile(r"(?<=[0-9])[A-Z]{3}$")
_AMOUNT = re.compile(r"R?[DC][A-Z]?([0-9]+,?[0-9]*)")


def looks_like(head: bytes) -> bool:
    """Whether a file begins as MT940 does."""
    return _BEGIN.match(head) is not None


def read(file: IO[bytes]) -> Iterator[tuple[str, Event]]:
    """The events of the file. Raises FaultyFile."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FaultyFile("B010", most=str(MOST_BYTES // 10**6))
    text = _tidy(_decoded(content))
    blocks = [block for block in re.split(r"(?m)^(?=:20:)", text) if block.startswith(":20:")]
    for number, block in enumerate(blocks):
        place = f"statements[{number}]"
        _judge_block(block, place)
        yield from ((FORM, event) for event in _statement(block, place))


def _decoded(content: bytes) -> str:
    for name in ("utf-8-sig", "cp1251"):
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _tidy(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ENVELOPE.sub("", lines)


def _judge_block(block: str, place: str) -> None:
    """What the library would read for ever, or pass over in silence."""
    run = 0
    for line in block.split("\n"):
        run = 0 if line.startswith(":") else run + 1
        if len(line) > _LONGEST_LINE or run > _MOST_LINES_OF_A_FIELD:
            raise FaultyFile("B003", place, detail=line[:40])
    for tag in (":25", ":28"):
        if f"\n{tag}" not in block:
            raise FaultyFile("B009", place, detail=f"{tag}:")
    if not _OPEN.search(block):
        raise FaultyFile("B009", f"{place}.opening", detail=":60F:")
    if not _CLOSE.search(block):
        raise FaultyFile("B002", f"{place}.closing", detail=":62F:")


def _statement(block: str, place: str) -> Iterator[Event]:
    try:  # A handle: a text that is the name of a file would be opened.
        found = mt940.parse_statements(io.StringIO(block), options=mt940.Options.all())
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, IndexError, RuntimeError) as error:
        raise FaultyFile("B002", place, detail=str(error)[:120]) from error
    rows = [transaction.data for statement in found for transaction in statement]
    lines = [line for line in block.split("\n") if line.startswith(_ENTRY)]
    rows = [row for row in rows if row.get("amount") is not None]
    if len(rows) != len(lines):
        raise FaultyFile("B002", place, detail=f"{len(rows)} / {len(lines)} {_ENTRY}")
    head: Mapping[str, Any] = found[0].data
    opening, closing = (_balance(head, name, place) for name in ("opening", "closing"))
    account = _CURRENCY_BEHIND.sub("", str(head.get("account_identification", "")).rpartition("/")[2].strip())
    yield Begun(
        number=str(head.get("statement_number") or "")[:60],
        account=account,
        currency=opening.amount.currency,
        first=_day(opening.date),
        last=_day(closing.date),
        opening=Decimal(opening.amount.amount),
        closing=Decimal(closing.amount.amount),
        has_balances=True,
    )
    for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
        yield _movement(row, line, f"{place}.entries[{number}]", account=account, currency=opening.amount.currency)
    yield Ended(place)


def _balance(head: Mapping[str, Any], name: str, place: str) -> Any:
    found = head.get(f"final_{name}_balance") or head.get(f"intermediate_{name}_balance")
    if found is None or found.amount is None:
        raise FaultyFile("B002", f"{place}.{name}", detail=":60F:" if name == "opening" else ":62F:")
    return found


def _movement(row: Mapping[str, Any], line: str, place: str, *, account: str, currency: str) -> Movement:
    amount = Decimal(row["amount"].amount)
    written = _AMOUNT.search(line[len(_ENTRY) + 6 :])
    if amount == 0 or written is None or Decimal(written[1].replace(",", ".")) != abs(amount):
        raise FaultyFile("B006", f"{place}.amount", found=line[:60], currency=currency)
    details = " ".join(str(row.get("transaction_details") or "").split())
    payers = str(row.get("customer_reference") or "").strip()
    payers = "" if payers.upper() in ("NONREF", "NOTPROVIDED") else payers
    more = str(row.get("extra_details") or "").strip()
    part = Part(
        amount=abs(amount),
        payers_reference=payers[:60],
        references=tuple(dict.fromkeys(text for text in (payers, str(row.get("end_to_end_reference") or "")) if text)),
        text=" ".join(text for text in (str(row.get("purpose") or ""), details, more) if text)[:500],
        payer=str(row.get("applicant_name") or "")[:140],
        payer_account=str(row.get("applicant_iban") or "")[:40],
    )
    return Movement(
        place=place,
        account=account,
        amount=amount,
        currency=currency,
        is_reversal=str(row.get("status", "")).upper().startswith("R"),
        value_date=_day(row["date"]),
        bank_reference=str(row.get("bank_reference") or "").strip()[:60],
        parts=(part,),
    )


def _day(day: Any) -> date:
    return date(day.year, day.month, day.day)
