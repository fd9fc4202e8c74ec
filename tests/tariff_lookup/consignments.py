"""Consignments made up at random over the whole demonstration country, each written in three ways.

As the arithmetic takes it, as the calculator's endpoint is asked, and as a declaration that passes every rule. Each
way is written out by hand here: none is derived from another.
"""

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from lib.numbers import with_one_reading
from tariffs.calculation import COSTS, Consignment, ConsignmentItem, Cost
from tariffs.models import Commodity, DeliveryTerm, ExchangeRate, Measure, Procedure, Quota
from tests import make

DAYS = (date(2026, 3, 10), date(2026, 11, 23), date(2027, 3, 1))
ORIGINS = ("CN", "KZ", "RU", "BY", "DE", "TR", "US", "IN", "PK", "BR", "UZ", "JP")
CONTRACT = "315"  # processing asks for it
RESTRICTIVE = ("853", "852", "851", "911", "811", "2", "3", "MEDR", "MVD")
Costs = dict[str, tuple[str, str]]


@dataclass
class Goods:
    """One item as it was made up; `quantities` are filled once it is known which units are asked for."""

    code: str
    unit: str
    origin: str
    price: str
    net: str
    gross: str
    relief: str
    proof: str
    quota: str
    costs: Costs
    quantities: dict[str, str] = field(default_factory=dict)

    @property
    def supplementary(self) -> list[tuple[str, str]]:
        return sorted(self.quantities.items())


@dataclass
class MadeUp:
    """A consignment as it was made up. `costs` are those of the header."""

    on: date
    procedure: str
    general: str
    currency: str
    term: str
    mode: int
    costs: Costs
    goods: list[Goods]

    # Three ways to write it ----------------------------------------------------------------------------------
    def consignment(self) -> Consignment:
        return Consignment(
            flow="export" if self.general.startswith("EX") else "import",
            general_procedure=self.general,
            invoice_currency=self.currency,
            items=tuple(
                ConsignmentItem(
                    number=number,
                    commodity_code=goods.code,
                    origin_country=goods.origin,
                    item_price=Decimal(goods.price),
                    gross_mass=Decimal(goods.gross),
                    net_mass=Decimal(goods.net),
                    extended_procedure=self.procedure,
                    national_procedure=goods.relief,
                    quota_code=goods.quota,
                    supplementary=tuple((unit, Decimal(quantity)) for unit, quantity in goods.supplementary),
                    costs=_costs(goods.costs),
                )
                for number, goods in enumerate(self.goods, 1)
            ),
            costs=_costs(self.costs),
            working_mode=self.mode,
        )

    def proofs(self) -> dict[int, str]:
        return {number: goods.proof for number, goods in enumerate(self.goods, 1)}

    def request(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(),
            "invoice_currency": self.currency,
            "delivery_terms_code": self.term,
            "extended_procedure": self.procedure,
            "working_mode": str(self.mode),
            **_asked(self.costs),
            "items": [
                {
                    "commodity_code": goods.code,
                    "item_price": goods.price,
                    "origin_country": goods.origin,
                    "net_mass": goods.net,
                    "gross_mass": goods.gross,
                    "national_procedure": goods.relief,
                    "proof": goods.proof,
                    "quota_code": goods.quota,
                    "quantities": goods.quantities,
                    **_asked(goods.costs),
                }
                for goods in self.goods
            ],
        }

    def declaration(self) -> dict[str, Any]:
        abroad, here = ("CN", "TJ") if not self.general.startswith("EX") else ("TJ", "CN")
        trader = {"IM": "consignee_code", "EX": "exporter_code", "TR": "principal_code"}[self.general[:2]]
        return make.data(
            declaration_type=self.general[:2],
            general_procedure=self.general[2:],
            **{"consignee_code": None, trader: make.TIN},
            exporter_name="Consignor\nRudaki Avenue 10",
            export_country=abroad,
            destination_country=here,
            delivery_terms_code=self.term,
            invoice_currency=self.currency,
            working_mode=self.mode,
            warehouse="W-1" if self.general == "IM7" else None,
            transit_destination_office="AF01" if self.general == "TR8" else None,
            transit_destination_country="AF" if self.general == "TR8" else None,
            principal_name="Somon Trade LLC\nRudaki Avenue 10" if self.general == "TR8" else None,
            items=[self._item(goods) for goods in self.goods],
            **_declared(self.costs, self.currency),
        )

    def _item(self, goods: Goods) -> dict[str, Any]:
        kept = [{**paper, "date": "2026-02-02"} for paper in make.item()["documents"]]
        papers = [*kept, *({"code": code, "reference": f"N-{code}"} for code in (*RESTRICTIVE, CONTRACT))]
        quantities = {}
        for rank, (unit, quantity) in enumerate(goods.supplementary, 1):
            quantities |= {f"supplementary_unit_{rank}": unit, f"supplementary_quantity_{rank}": quantity}
        return make.item(
            commodity_code=goods.code,
            origin_country=goods.origin,
            extended_procedure=self.procedure,
            national_procedure=goods.relief or "000",
            net_mass=goods.net,
            gross_mass=goods.gross,
            item_price=goods.price,
            quota_code=goods.quota or None,
            documents=[*papers, *([{"code": goods.proof, "reference": "C-1"}] if goods.proof else [])],
            **quantities,
            **_declared(goods.costs, self.currency),
        )


def _costs(costs: Costs) -> dict[str, Cost]:
    return {name: Cost(Decimal(amount), currency) for name, (amount, currency) in costs.items()}


def _asked(costs: Costs) -> dict[str, str]:
    amounts = {name: amount for name, (amount, _currency) in costs.items()}
    return amounts | {f"{name}_currency": currency for name, (_amount, currency) in costs.items()}


def _declared(costs: Costs, invoice: str) -> dict[str, str]:
    amounts = {name: amount for name, (amount, _currency) in costs.items()}
    return amounts | {f"{name}_currency": currency or invoice for name, (_amount, currency) in costs.items()}


# Chance -------------------------------------------------------------------------------------------------------
@cache
def _codes() -> list[tuple[str, str]]:
    banned = Measure.objects.filter(kind="prohibition").values_list("commodity_prefix", flat=True)
    rows = Commodity.objects.on(DAYS[1]).filter(declarable=True).order_by("code")
    found = rows.values_list("code", "supplementary_unit")
    return [(code, unit) for code, unit in found if not code.startswith(tuple(banned))]


@cache
def _procedures() -> list[tuple[str, str]]:
    rows = Procedure.objects.on(DAYS[1]).filter(is_national=False, needs_previous=False).order_by("code")
    return list(rows.values_list("code", "general_procedure"))


@cache
def _terms() -> dict[str, tuple[bool, bool]]:
    rows = DeliveryTerm.objects.order_by("code").values_list("code", "includes_freight", "includes_insurance")
    return {code: (freight, insurance) for code, freight, insurance in rows}


@cache
def _currencies() -> list[str]:
    rates = [set(ExchangeRate.objects.on(day).values_list("currency", flat=True)) for day in DAYS]
    return sorted({"TJS"}.union(set.intersection(*rates)))


@cache
def _quotas() -> list[tuple[str, str, str]]:
    """Commodity, origin and number of what a quota is for."""
    rows = Measure.objects.exclude(quota_number="").order_by("pk")
    return list(rows.values_list("commodity_prefix", "origin", "quota_number").distinct())


def _number(chance: random.Random, largest: int, places: int) -> str:
    unit = 10**places
    whole = chance.randint(1, chance.choice([99, 9_999, largest]) * unit)
    return with_one_reading(str(Decimal(whole).scaleb(-places)))


def made_up(seed: int) -> MadeUp:
    """The consignment of this seed: always the same one, as long as the country's tables are."""
    chance = random.Random(seed)
    procedure, general = chance.choice(_procedures() + [("4000", "IM4")] * 8)
    term, mode = chance.choice(list(_terms())), chance.choice([0, 0, 1, 2])
    costs = _made_up_costs(chance, term) if mode != 2 else {}
    goods = []
    for _ in range(chance.randint(1, 5)):
        goods.append(_made_up_goods(chance, _made_up_costs(chance, term) if mode == 2 else {}))
    return MadeUp(chance.choice(DAYS), procedure, general, chance.choice(_currencies()), term, mode, costs, goods)


def _made_up_costs(chance: random.Random, term: str) -> Costs:
    """What the term leaves out is named, be it as 0; the rest as chance will have it."""
    includes = dict(zip(("external_freight", "insurance"), _terms()[term], strict=True))
    costs = {}
    for name in COSTS:
        if includes.get(name):
            continue
        if name in includes or chance.random() < 0.25:
            amount = "0" if chance.random() < 0.15 else _number(chance, 500, 2)
            costs[name] = ("0.01" if name == "deduction" else amount, chance.choice(["", *_currencies()]))
    return costs


def _made_up_goods(chance: random.Random, costs: Costs) -> Goods:
    quota, origin = "", chance.choice(ORIGINS)
    code, unit = chance.choice(_codes())
    if chance.random() < 0.2:
        prefix, only, quota = chance.choice(_quotas())
        code, unit = chance.choice([row for row in _codes() if row[0].startswith(prefix)])
        origin = only or origin
    net = _number(chance, 20_000, 3)
    return Goods(
        code=code,
        unit=unit,
        origin=origin,
        price=_number(chance, 90_000, 2),
        net=net,
        gross=with_one_reading(str(Decimal(net) + Decimal(_number(chance, 900, 3)))),
        relief=chance.choice(["", "", "", "000", "001", "002", "003"]),
        proof=chance.choice(["", "", "ST1", "861"]),
        quota=quota,
        costs=costs,
    )


def leave_little_in_quotas(seed: int) -> None:
    """Make the volumes small, so that some items are covered in part, some whole and some not at all."""
    chance = random.Random(seed)
    for quota in Quota.objects.order_by("pk"):
        make.other_law(Quota.objects.filter(pk=quota.pk), volume=Decimal(chance.randint(1, 9_000)).scaleb(-3))
