"""Everyday goods of the demonstration's companies, and declarations of them as canonical JSON. No queries, no clock."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from demo.accounts import AUTO, KHATLON, PHARMA, POMIR, SOMON, ZARAFSHON, Firm
from lib.numbers import ProgramNumber

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Good:
    """`price` in US dollars for a kilogram net, `kg` net in a package, `per_kg` supplementary units in a kilogram.

    `alcohol_per_kg`: litres of pure alcohol in a kilogram of spirits, on which excise is charged.
    """

    code: str
    text: str
    origin: str
    price: str
    kg: str
    package: str = "CT"
    per_kg: str = "1"
    alcohol_per_kg: str = ""


@dataclass(frozen=True, slots=True)
class Seller:
    """A foreign party and where its goods start from."""

    name: str
    country: str


GOODS: Mapping[str, Sequence[Good]] = {
    POMIR.tin: (
        Good("8517130000", "Smartphones Redmi 13C, 128 GB", "CN", "310", "9", per_kg="2.6"),
        Good("8471300000", "Portable computers 15.6 inch, 16 GB", "CN", "290", "14", per_kg="0.55"),
        Good("8528722001", "Television sets, LCD, 50 inch", "CN", "19", "12.4", per_kg="0.08"),
        Good("8450111100", "Washing machines, 7 kg, front loading", "TR", "3.9", "62", "NE", "0.016"),
        Good("8418211000", "Household refrigerators, compressor type", "CN", "4.2", "58", "NE", "0.017"),
        Good("8415109000", "Split air conditioners, 12,000 BTU", "CN", "5.1", "39", per_kg="0.026"),
        Good("8516601010", "Household electric cookers", "TR", "4.6", "41", per_kg="0.024"),
        Good("8504403009", "Power supply units for computers", "CN", "14", "16", per_kg="1.2"),
        Good("6907219009", "Ceramic floor tiles, 60 x 60 cm", "IR", "0.31", "1200", "PX", "0.045"),
        Good("9403601009", "Wooden furniture for living rooms", "TR", "2.8", "46", per_kg="0.03"),
        Good("3402500000", "Washing powder for retail sale", "TR", "1.1", "18"),
        Good("9503007000", "Toys in sets, plastic", "CN", "5.4", "11", per_kg="2"),
    ),
    ZARAFSHON.tin: (
        Good("0902300001", "Black tea in packets of 100 g", "LK", "6.4", "12"),
        Good("1701991009", "White sugar, crystalline", "RU", "0.74", "50", "BG"),
        Good("1512199002", "Sunflower oil, refined, bottles of 1 l", "KZ", "1.35", "16.5", per_kg="1.08"),
        Good("1101001509", "Wheat flour, first grade", "KZ", "0.36", "50", "BG"),
        Good("1006309800", "Long grain rice, milled", "PK", "0.92", "25", "BG"),
        Good("0805108000", "Oranges, fresh", "PK", "0.58", "15"),
        Good("0803901000", "Bananas, fresh", "EC", "0.86", "18.1"),
        Good("1806329000", "Chocolate in bars", "RU", "5.2", "6"),
        Good("2203000900", "Beer in cans of 0.5 l", "RU", "0.9", "12.5", per_kg="0.98"),
        Good("2202100000", "Lemonade in bottles of 1.5 l", "UZ", "0.44", "9.3", per_kg="0.97"),
        Good("2101110011", "Instant coffee in jars", "RU", "12", "5"),
        Good("0405101900", "Butter, 82.5 % fat, in blocks", "BY", "6.1", "20"),
    ),
    SOMON.tin: (
        Good("5205120000", "Cotton yarn, combed, single", "UZ", "2.9", "40", "BG"),
        Good("5208520000", "Printed woven cotton fabric", "CN", "7.5", "35", "RO", "7.2"),
        Good("6109100000", "T-shirts of cotton, knitted", "UZ", "9.8", "22", per_kg="6.5"),
        Good("6203423100", "Men's trousers of denim", "TR", "17", "24", per_kg="1.7"),
        Good("8452210000", "Industrial sewing machines, automatic", "CN", "9.2", "44", "CS", "0.022"),
        Good("9606210000", "Buttons of plastics", "CN", "6", "18"),
    ),
    KHATLON.tin: (
        Good("3102101000", "Urea, 46 % nitrogen", "UZ", "0.42", "50", "BG", "0.46"),
        Good("8433591109", "Harvesting machines", "BY", "7.4", "9800", "NE", "0.000102"),
        Good("3808929000", "Fungicides for retail sale", "CN", "5.8", "10"),
        Good("8424829000", "Sprinklers for irrigation", "TR", "6.3", "14"),
        Good("8701931000", "Wheeled tractors, new, 60 kW", "BY", "5.6", "3100", "NE", "0.000323"),
    ),
    PHARMA.tin: (
        Good("3004900002", "Medicaments in tablets for retail sale", "IN", "34", "8"),
        Good("3004200002", "Antibiotics in capsules for retail sale", "IN", "41", "7"),
        Good("9018319009", "Disposable syringes with needles, 5 ml", "CN", "3.8", "9", per_kg="140"),
        Good("3005100000", "Adhesive dressings", "RU", "8.4", "6"),
        Good("9619008109", "Napkins for babies", "RU", "3.2", "12"),
        Good("3305100000", "Shampoo in bottles of 400 ml", "TR", "2.4", "10"),
    ),
    AUTO.tin: (
        Good("8703231940", "Passenger cars, petrol, 1,998 cm3, new", "KR", "11.2", "1480", "NE", "0.000676"),
        Good("4011100003", "Tyres 205/55 R16, new", "CN", "3.1", "9.2", "NE", "0.109"),
        Good("8507102009", "Starter batteries 60 Ah", "KZ", "2.9", "14.6", "PX", "0.068"),
        Good("8708309909", "Brake pads and discs", "CN", "5.7", "13"),
        Good("2710198200", "Motor oil 5W-40 in canisters of 4 l", "RU", "2.6", "14", per_kg="1.15"),
        Good("8512200009", "Headlamps for cars", "CN", "15", "8"),
    ),
}
EXPORTS: Mapping[str, Sequence[Good]] = {
    KHATLON.tin: (
        Good("5201009000", "Cotton fibre, not carded or combed", "TJ", "1.72", "220", "BL"),
        Good("0813100000", "Dried apricots", "TJ", "2.6", "10"),
        Good("0806101000", "Table grapes, fresh", "TJ", "0.7", "8"),
    ),
    SOMON.tin: (
        Good("5205120000", "Cotton yarn, single", "TJ", "2.8", "40", "BG"),
        Good("6109100000", "T-shirts of cotton, knitted", "TJ", "8.9", "22", per_kg="6.5"),
    ),
}
SELLERS: Mapping[str, Seller] = {
    "CN": Seller("Yiwu Hengtong Trading Co., Ltd\n88 Chouzhou Road, Yiwu", "CN"),
    "TR": Seller("Anadolu Dış Ticaret A.Ş.\nOrganize Sanayi Bölgesi 12, Bursa", "TR"),
    "RU": Seller("ООО «Уралторг»\nул. Мира, 14, Екатеринбург", "RU"),
    "KZ": Seller("ТОО «Астық Экспорт»\nпр. Абая, 22, Костанай", "KZ"),
    "UZ": Seller("Andijon Savdo MChJ\nBobur shohko'chasi 40, Andijon", "UZ"),
    "BY": Seller("ОАО «Минсктехника»\nул. Долгобродская, 29, Минск", "BY"),
    "IR": Seller("Pars Tile Co.\nShahid Beheshti Blvd 7, Yazd", "IR"),
    "PK": Seller("Indus Agro Traders\n14 Mall Road, Lahore", "PK"),
    "IN": Seller("Sagar Healthcare Pvt Ltd\nPlot 21, MIDC, Thane", "IN"),
    "LK": Seller("Uva Highlands Tea Exports\n45 Vauxhall Street, Colombo", "LK"),
    "KR": Seller("Hanbit Motors Trading\n12 Jungang-daero, Busan", "KR"),
    "EC": Seller("Bananera del Guayas S.A.\nAv. 9 de Octubre 200, Guayaquil", "EC"),
}
# Goods that the demonstration's criteria send to an officer, by the lane they get.
WATCHED: Mapping[str, tuple[Firm, Sequence[Good]]] = {
    "yellow": (
        PHARMA,
        (
            Good("3004900002", "Medicaments in tablets for retail sale", "IN", "34", "8"),
            Good("3004200002", "Antibiotics in capsules for retail sale", "IN", "41", "7"),
            Good("3004500002", "Vitamins in tablets for retail sale", "IN", "18", "8"),
        ),
    ),
    "red": (
        ZARAFSHON,
        (
            Good("2402209000", "Cigarettes with filter, packets of 20", "UZ", "17", "9", per_kg="1"),
            Good("2208600000", "Vodka in bottles of 0.5 l", "RU", "2.9", "14", per_kg="0.98", alcohol_per_kg="0.42"),
            Good("2208200000", "Brandy in bottles of 0.5 l", "RU", "7.2", "13", per_kg="0.98", alcohol_per_kg="0.42"),
        ),
    ),
}
FREE_TRADE = ("RU", "KZ", "UZ", "BY")
BUYERS: Sequence[Seller] = (SELLERS["RU"], SELLERS["KZ"], SELLERS["TR"])
BORDERS: Mapping[str, Sequence[str]] = {
    "CN": ("TJ08", "TJ06"),
    "UZ": ("TJ04", "TJ09", "TJ10"),
    "PK": ("TJ05",),
    "IR": ("TJ05",),
}
OTHER_BORDERS = ("TJ04", "TJ10")


@dataclass(frozen=True, slots=True)
class Order:
    """What is declared: who imports or exports which goods, through which procedure, filed by whom."""

    number: int
    trader: Firm
    declarant: Firm
    on: date
    office: str
    procedure: str = "IM4"
    watched: str = ""


class Writer:
    """Writes declarations. `codes` maps each good's code to the national code and its supplementary unit."""

    def __init__(self, codes: Mapping[str, tuple[str, str]], *, seed: int = 2026) -> None:
        self.codes = codes
        self.chance = random.Random(seed)  # noqa: S311 (the same demonstration each time)

    def write(self, order: Order) -> dict[str, Any]:
        """Canonical JSON of a declaration that can be lodged."""
        exporting = order.procedure.startswith("EX")
        stock = WATCHED[order.watched][1] if order.watched else (EXPORTS if exporting else GOODS)[order.trader.tin]
        first = self.chance.choice(stock)
        goods = [first, *(good for good in stock if good is not first and good.origin == first.origin)]
        goods = goods[: self.chance.choice((1, 1, 2, 3, 4))]
        items = [self._item(good, order) for good in goods]
        items[0]["documents"] = self._papers(order) + items[0]["documents"]
        invoice = sum((Decimal(item["item_price"]) for item in items), Decimal(0))
        partner = self.chance.choice(BUYERS) if exporting else SELLERS[first.origin]
        return {
            **self._parties(order, partner, exporting=exporting),
            **self._journey(order, partner, exporting=exporting),
            **self._value(invoice, exporting=exporting),
            "total_packages": str(sum(int(item["packages_number"]) for item in items)),
            "items": items,
        }

    def take_out(self, order: Order, stored: Mapping[str, Any], number: str) -> dict[str, Any]:
        """Home use of half the first item of what was stored under a customs number, named as people write it."""
        item = dict(stored["items"][0])
        packages = int(item["packages_number"])
        taken = (packages + 1) // 2
        parts = {"net_mass": CENT, "gross_mass": CENT, "item_price": CENT}
        parts |= dict.fromkeys(("supplementary_quantity_1", "supplementary_quantity_2"), Decimal(1))
        for name in parts.keys() & item.keys():
            part = Decimal(str(item[name])) * taken / packages
            item[name] = ProgramNumber(max(part.quantize(parts[name], rounding=ROUND_DOWN), parts[name]))
        item |= {
            "extended_procedure": "4071",
            "packages_number": str(taken),
            "previous_document": f"{number}/1",
        }
        without = ("warehouse", "warehouse_delay", "external_freight", "insurance")
        header = {name: value for name, value in stored.items() if name not in without}
        return {
            **header,
            "general_procedure": order.procedure[2:],
            "lrn": f"{stored['lrn']}-A",
            "delivery_terms_code": "CIP",
            "invoice_amount": item["item_price"],
            "total_packages": str(taken),
            "items": [item],
        }

    def _parties(self, order: Order, partner: Seller, *, exporting: bool) -> dict[str, Any]:
        own, other = ("exporter", "consignee") if exporting else ("consignee", "exporter")
        warehouse = {"warehouse": "TJ/W/014", "warehouse_delay": "180"} if order.procedure == "IM7" else {}
        return {
            "declaration_type": order.procedure[:2],
            "general_procedure": order.procedure[2:],
            "office_code": order.office,
            "lrn": f"{order.on:%y%m}-{order.number:05d}",
            f"{own}_code": order.trader.tin,
            f"{own}_name": order.trader.box,
            f"{other}_name": partner.name,
            "financial_code": order.trader.tin,
            "declarant_code": order.declarant.tin,
            "declarant_name": order.declarant.box,
            **warehouse,
        }

    def _journey(self, order: Order, partner: Seller, *, exporting: bool) -> dict[str, Any]:
        border = self.chance.choice(BORDERS.get(partner.country, OTHER_BORDERS))
        truck = f"{self.chance.randint(1000, 9999)} {self.chance.choice('ABCKT')}{self.chance.choice('ABCKT')} 01"
        return {
            "export_country": "TJ" if exporting else partner.country,
            "destination_country": partner.country if exporting else "TJ",
            "trading_country": partner.country,
            "departure_identity": truck,
            "departure_nationality": "TJ",
            "border_identity": truck,
            "border_nationality": "TJ",
            "border_mode": "3",
            "border_office_code": border,
            "location_of_goods": f"{order.office} terminal",
        }

    def _value(self, invoice: Decimal, *, exporting: bool) -> dict[str, Any]:
        term = "FCA" if exporting else self.chance.choice(("CIP", "CPT", "FCA", "DAP"))
        freight = (invoice * self.chance.randint(3, 9) / 100).quantize(Decimal(1))
        costs = {"FCA": (freight, freight // 8), "CPT": (Decimal(0), freight // 8)}.get(term, (Decimal(0), Decimal(0)))
        return {
            "invoice_amount": str(invoice),
            "invoice_currency": "USD",
            "delivery_terms_code": term,
            "delivery_terms_place": "Dushanbe",
            "transaction_nature_1": "1",
            "working_mode": "0",
            "external_freight": str(costs[0]),
            "external_freight_currency": "USD",
            "insurance": str(costs[1]),
            "insurance_currency": "USD",
        }

    def _item(self, good: Good, order: Order) -> dict[str, Any]:
        code, unit = self.codes[good.code]
        heavy = Decimal(good.kg) > 900
        packages = self.chance.randint(1, 3) if heavy else self.chance.randint(20, 400)
        net = Decimal(good.kg) * packages
        price = net * Decimal(good.price) * self.chance.randint(85, 115) / 100
        claims = good.origin in FREE_TRADE and order.procedure.startswith("IM") and self.chance.random() < 0.7
        item = {
            "commodity_code": code,
            "commercial_description": good.text,
            "origin_country": good.origin,
            "extended_procedure": {"IM4": "4000", "IM7": "7100", "EX1": "1000"}[order.procedure],
            "packages_number": str(packages),
            "packages_kind": good.package,
            "packages_marks": "N/M",
            "net_mass": ProgramNumber(net),
            "gross_mass": ProgramNumber((net * Decimal("1.06")).quantize(Decimal("0.001"))),
            "item_price": str(price.quantize(CENT)),
            "valuation_method": "1",
            "documents": ([self._certificate(good, order)] if claims else []) + self._permits(good, order),
        }
        if order.procedure == "IM4" and not claims and good.code[:4] in QUOTAS:
            item["quota_code"] = QUOTAS[good.code[:4]]
        declared = {unit: good.per_kg} if unit else {}
        if good.alcohol_per_kg:
            declared = {"LTR": good.per_kg, "LPA": good.alcohol_per_kg}
        for place, (name, per_kg) in enumerate(declared.items(), 1):
            count = max((net * Decimal(per_kg)).quantize(Decimal(1)), Decimal(1))
            item |= {f"supplementary_unit_{place}": name, f"supplementary_quantity_{place}": str(count)}
        return item

    def _papers(self, order: Order) -> list[dict[str, str]]:
        day = (order.on - timedelta(days=self.chance.randint(3, 20))).isoformat()
        number = f"{order.on:%y}-{self.chance.randint(100, 9999)}"
        return [
            {"code": INVOICE, "reference": f"INV {number}", "date": day},
            {"code": WAYBILL, "reference": f"CMR {self.chance.randint(100000, 999999)}", "date": day},
            {"code": CONTRACT, "reference": f"{order.trader.tin[-3:]}/{number}", "date": day},
        ]

    def _certificate(self, good: Good, order: Order) -> dict[str, str]:
        day = (order.on - timedelta(days=4)).isoformat()
        return {
            "code": CERTIFICATE,
            "reference": f"{good.origin}TJ6{self.chance.randint(10**7, 10**8 - 1)}",
            "date": day,
        }

    def _permits(self, good: Good, order: Order) -> list[dict[str, str]]:
        """The papers without which the goods may not come in."""
        day = (order.on - timedelta(days=6)).isoformat()
        codes = [code for prefix, code in PERMITS.items() if good.code.startswith(prefix)]
        asked = codes if order.procedure.startswith("IM") else []
        return [{"code": code, "reference": f"{good.origin} {order.number:05d}/{code}", "date": day} for code in asked]


# What countries/tj asks for: papers of restricted goods, and numbers of tariff quotas, by the first digits of a code.
PERMITS: Mapping[str, str] = {"0405": "853", "0803": "851", "0805": "851", "2208": "911", "3004": "MEDR"}
QUOTAS: Mapping[str, str] = {"1006": "091006", "1701": "091701"}
# Codes of countries/tj that every declaration uses.
INVOICE, WAYBILL, CONTRACT, CERTIFICATE = "380", "730", "315", "ST1"


_AS_PEOPLE_SAY = {"CN": "Китай", "TR": "Турция", "RU": "Россия", "KZ": "Казахстан", "UZ": "Узбекистан", "IN": "Индия"}


def packing_list(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A sheet as a supplier writes it: codes without their first zero, countries by name, totals that are not right."""
    heading = ["№", "Код ТН ВЭД", "Наименование", "Страна происхождения", "Брутто, кг", "Нетто, кг", "Сумма, USD"]
    rows = [
        [
            str(number), str(item["commodity_code"]).lstrip("0"), str(item["commercial_description"]),
            _AS_PEOPLE_SAY.get(str(item["origin_country"]), str(item["origin_country"])),
            *(str(item.get(name) or "") for name in ("gross_mass", "net_mass", "item_price")),
        ]
        for number, item in enumerate(items, start=1)
    ]  # fmt: skip
    gross = sum((Decimal(row[4]) for row in rows if row[4]), Decimal(0))
    lines = [["Инвойс № PL-204/26"], heading, *rows, ["", "Итого", "", "", str(gross + 1)]]
    return {"name": "Лист1", "rows": list(enumerate(lines, start=1)), "broken": [], "is_cut": False}
