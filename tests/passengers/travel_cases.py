"""Reads the cases of travellers: laws written in the case itself, or the rows of the demonstration country."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from passengers.calculation import CashLine, CashRule, Good, Limit, Party, Person, TravelLaw, Used
from tariffs.calculation import ExchangeRateFact, Law
from tariffs.rates import parse

FOLDER = Path(__file__).parent / "cases"
UNITS = ("LTR", "NAR", "GRM", "KGM", "LPA")
D = Decimal


def cases(*, of_country: bool) -> list[dict[str, Any]]:
    """Every case, with the laws of its file; those `of_country` stand on published rows."""
    found = []
    for file in sorted(FOLDER.glob("*.yaml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for case in content["cases"]:
            case |= {"laws": content.get("laws", {}), "file": file.stem}
            if (case["law"] == "country") == of_country:
                found.append(case)
    return found


def limit(facts: dict[str, Any]) -> Limit:
    values = dict(facts)
    rate = values.pop("rate", "")
    return Limit(
        code=values.pop("code"),
        name=values.pop("name", facts["code"]),
        amount=D(str(values.pop("amount"))),
        categories=frozenset(values.pop("categories", "").split()),
        rate=parse(rate) if rate else None,
        rate_text=rate,
        tax_code="TRAVEL" if rate else "",
        legal_basis=values.pop("act", ""),
        above=values.pop("above", "rate" if rate else "prohibited"),
        **values,
    )


def tariff(case: dict[str, Any]) -> Law:
    """A tariff without rates, in the currency of the case."""
    on = date.fromisoformat(str(case.get("date", "2026-11-23")))
    rates = {code: ExchangeRateFact(code, D(str(rate)), on) for code, rate in case.get("rates", {}).items()}
    return Law(on, case.get("currency", "EUR"), 2, rates, (), {})


def law(case: dict[str, Any]) -> TravelLaw:
    return TravelLaw(tariff(case), tuple(limit(facts) for facts in case["laws"][case["law"]].get("limits", ())))


def cash_rules(case: dict[str, Any]) -> tuple[CashRule, ...]:
    rows = case["laws"][case["law"]].get("cash", ())
    return tuple(CashRule(**{"name": row["code"], **row, "amount": D(str(row["amount"]))}) for row in rows)


def good(number: int, facts: dict[str, Any], currency: str) -> Good:
    values = dict(facts)
    price, mass = values.pop("price", None), values.pop("mass", None)
    quantities = tuple((unit, D(str(values.pop(unit)))) for unit in UNITS if unit in values)
    return Good(
        number=number,
        category=values.pop("category", ""),
        value=None if price is None else D(str(price)),
        mass=None if mass is None else D(str(mass)),
        currency=values.pop("currency", currency),
        quantities=quantities,
        commodity_code=str(values.pop("commodity", "")),
        **values,
    )


def persons(case: dict[str, Any]) -> tuple[Person, ...]:
    return tuple(
        Person(number, facts["age"], facts.get("resident", True))
        for number, facts in enumerate(case.get("persons", [{"age": 30}]), start=1)
    )


def party(case: dict[str, Any]) -> Party:
    currency = case.get("currency", "EUR")
    goods = tuple(good(number, facts, currency) for number, facts in enumerate(case.get("goods", ()), start=1))
    used = tuple(Used(row["limit"], row.get("person", 1), D(str(row["quantity"]))) for row in case.get("used", ()))
    return Party(persons(case), goods, used)


def lines(rows: list[dict[str, Any]]) -> list[CashLine]:
    return [
        CashLine(row.get("person", 1), row.get("kind", "cash"), row["currency"], D(str(row["amount"]))) for row in rows
    ]
