"""The bank's own books: payments and the call-backs still to be delivered, in one SQLite file."""

import sqlite3
import threading
import uuid
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS payment (
    id TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE, amount TEXT NOT NULL, currency TEXT NOT NULL,
    text TEXT NOT NULL, language TEXT NOT NULL, return_url TEXT NOT NULL, callback_url TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending', moved TEXT NOT NULL DEFAULT '', booked TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS callback (
    id INTEGER PRIMARY KEY, payment TEXT NOT NULL, status TEXT NOT NULL, due REAL NOT NULL, how TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS refusal (
    payment TEXT PRIMARY KEY, how TEXT NOT NULL, times INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS refund (
    id TEXT PRIMARY KEY, payment TEXT NOT NULL, amount TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Payment:
    """`moved` names the movement of money and `booked` is its amount; both are empty until it is paid."""

    id: str
    reference: str
    amount: str
    currency: str
    text: str
    language: str
    return_url: str
    callback_url: str
    status: str = "pending"
    moved: str = ""
    booked: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A call-back to be sent: what it says of which payment, what is wrong with it, how often it was tried."""

    id: int
    payment: str
    status: str
    how: str
    tries: int


class Store:
    """Thread-safe by one lock: a bank to practise with has few customers."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._base = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._base.executescript(_TABLES)

    def start(
        self,
        *,
        reference: str,
        amount: str,
        currency: str,
        text: str,
        language: str,
        return_url: str,
        callback_url: str,
    ) -> Payment:
        """The payment of that reference; begun if it is the first time it is heard of."""
        values = (uuid.uuid4().hex, reference, amount, currency, text, language, return_url, callback_url)
        with self._lock:
            self._base.execute(
                "INSERT INTO payment (id, reference, amount, currency, text, language, return_url, callback_url) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reference) DO NOTHING",
                values,
            )
        found = self.of_reference(reference)
        assert found is not None
        return found

    def payment(self, id_: str) -> Payment | None:
        return self._one("SELECT * FROM payment WHERE id = ?", id_)

    def of_reference(self, reference: str) -> Payment | None:
        return self._one("SELECT * FROM payment WHERE reference = ?", reference)

    def finish(self, id_: str, *, status: str, booked: str = "") -> bool:
        """Pay or decline, once: whether this call did it."""
        moved = f"TX{uuid.uuid4().hex[:16].upper()}" if status == "succeeded" else ""
        with self._lock:
            done = self._base.execute(
                "UPDATE payment SET status = ?, moved = ?, booked = ? WHERE id = ? AND status = 'pending'",
                (status, moved, booked, id_),
            )
        return done.rowcount == 1

    def refund(self, id_: str, *, payment: Payment, amount: str) -> bool:
        """Send so much of a payment back, once for each `id_`; false where more would go back than was taken."""
        with self._lock:
            sent = dict(self._base.execute("SELECT id, amount FROM refund WHERE payment = ?", (payment.id,)).fetchall())
            if id_ in sent:
                return Decimal(sent[id_]) == Decimal(amount)
            if not payment.booked or sum(map(Decimal, sent.values()), Decimal(amount)) > Decimal(payment.booked):
                return False
            self._base.execute("INSERT INTO refund (id, payment, amount) VALUES (?, ?, ?)", (id_, payment.id, amount))
        return True

    def plan(self, id_: str, *, status: str, due: float, how: str = "") -> None:
        """Note a call-back to be sent at `due` (seconds since 1970)."""
        statement = "INSERT INTO callback (payment, status, due, how) VALUES (?, ?, ?, ?)"
        with self._lock:
            self._base.execute(statement, (id_, status, due, how))

    def due(self, *, now: float) -> list[Delivery]:
        with self._lock:
            rows = self._base.execute(
                "SELECT id, payment, status, how, tries FROM callback WHERE done = 0 AND due <= ? ORDER BY due, id",
                (now,),
            ).fetchall()
        return [Delivery(*row) for row in rows]

    def delivered(self, id_: int) -> None:
        with self._lock:
            self._base.execute("UPDATE callback SET done = 1 WHERE id = ?", (id_,))

    def again(self, id_: int, *, due: float) -> None:
        with self._lock:
            self._base.execute("UPDATE callback SET tries = tries + 1, due = ? WHERE id = ?", (due, id_))

    def refuse_questions(self, id_: str, *, how: str, times: int) -> None:
        """Questions about a payment will be answered badly so many times."""
        with self._lock:
            self._base.execute("INSERT OR IGNORE INTO refusal VALUES (?, ?, ?)", (id_, how, times))

    def question(self, id_: str) -> str:
        """How the next question about a payment is answered badly; empty: it is answered."""
        with self._lock:
            row = self._base.execute("SELECT how FROM refusal WHERE payment = ? AND times > 0", (id_,)).fetchone()
            self._base.execute("UPDATE refusal SET times = times - 1 WHERE payment = ?", (id_,))
        return str(row[0]) if row else ""

    def _one(self, statement: str, value: str) -> Payment | None:
        with self._lock:
            row = self._base.execute(statement, (value,)).fetchone()
        return Payment(*row) if row else None
