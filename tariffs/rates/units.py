"""What a rate may count: units of measure, kilograms of a part of the goods, contents in per cent, components.

Codes are those of UNECE Recommendation 20. Where it has none, the code is ours and has a shape of its own: KGM and the
letter by which TARIC qualifies it (KGMA), P1 and that letter (P1Z), A and the component (AEA).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lib.figures import ONE

KILOGRAM = "KGM"


@dataclass(frozen=True, slots=True)
class RateUnit:
    """A unit of measure that a rate may name: UNECE code, canonical symbols, how texts spell it (a pattern).

    One of it makes `factor` of `base`.
    """

    code: str
    symbol: str
    russian: str
    spellings: str
    base: str
    factor: Decimal = ONE


@dataclass(frozen=True, slots=True)
class MassKind:
    """Kilograms of a part of the goods, declared on their own: `letter` is TARIC's qualifier of the kilogram."""

    code: str
    symbol: str
    russian: str
    spellings: str
    letter: str = ""


@dataclass(frozen=True, slots=True)
class ContentKind:
    """A content in per cent by weight: `code` is the unit in which the percentage is declared."""

    code: str
    symbol: str
    russian: str
    spellings: str
    letter: str


@dataclass(frozen=True, slots=True)
class ComponentKind:
    """A component that another act works out; `unit` is that in which its amount for 100 kg net is stated."""

    code: str
    symbol: str
    russian: str
    spellings: str
    unit: str


RATE_UNITS: tuple[RateUnit, ...] = (
    RateUnit(
        "LPA",
        "l alc. 100%",
        "л 100% спирта",
        r"%\s*vol\.?\s*/\s*hl|%\s*об\.?\s*(?:/|за\s*1?)\s*гл|l(?:itres?)?\s*alc\.?\s*100\s*%|l\s*pa|"
        r"л\s*(?:100\s*%|чистого|безводного)\s*(?:этилового\s*)?спирта",
        "LPA",
    ),
    RateUnit("KGM", "kg", "кг", r"kg|kilograms?|кг|килограмм(?:а|ов)?", "KGM"),
    RateUnit("MWH", "MWh", "МВт·ч", r"mwh|мвт\W?ч", "KWH", Decimal("1000")),
    RateUnit("KWH", "kWh", "кВт·ч", r"kwh|квт\W?ч", "KWH"),
    RateUnit(
        "GFI",
        "g fissile isotopes",
        "г делящихся изотопов",
        r"gi\s*f/s|g\s*fissile\s*isotopes?|г\s*делящихся\s*изотопов",
        "GFI",
    ),
    RateUnit("GRM", "g", "г", r"gr?|grams?|гр?|грамм(?:а|ов)?", "KGM", Decimal("0.001")),
    RateUnit("CCT", "ct/l", "т грузоподъёмности", r"ct\s*/\s*l|т\s*грузопод[ъь][её]мности", "CCT"),
    RateUnit("TNE", "t", "т", r"tonnes?|t|тонн[аыу]?|т", "KGM", Decimal("1000")),
    RateUnit("HLT", "hl", "гл", r"hl|hectolit(?:re|er)s?|гл|гектолитр(?:а|ов)?", "LTR", Decimal("100")),
    RateUnit(
        "CMQ",
        "cm3",
        "см3",
        r"(?:c[mc](?:3|³)|cc|см(?:3|³)(?:\s*,\s*мл)?|куб\.?\s*см)(?:\s*(?:рабочего\s+)?объ[её]ма(?:\s+двигателя)?)?",
        "LTR",
        Decimal("0.001"),
    ),
    RateUnit("MTQ", "m3", "м3", r"m(?:3|³)|м(?:3|³)|куб\.?\s*м", "LTR", Decimal("1000")),
    RateUnit("MTK", "m2", "м2", r"m(?:2|²)|м(?:2|²)|кв\.?\s*м", "MTK"),
    RateUnit("LTR", "l", "л", r"lit(?:re|er)s?|l|литр(?:а|ов)?|л", "LTR"),
    RateUnit("PR", "pair", "пар", r"pairs?|pa|пар[аыу]?", "PR"),
    RateUnit("NAR", "pcs", "шт", r"pcs|pieces?|pc|items?|p/st|шт(?:ук[аиу]?)?\.?", "NAR"),
    RateUnit("NCL", "cells", "элементов", r"cells?|ce/el|элемент(?:а|ов)?", "NCL"),
    RateUnit("CTM", "carat", "карат", r"carats?|c/k|карат(?:а|ов)?", "CTM"),
    RateUnit("KMT", "km", "км", r"km|kilomet(?:re|er)s?|км|километр(?:а|ов)?", "MTR", Decimal("1000")),
    RateUnit("MTR", "m", "м", r"met(?:re|er)s?|m|метр(?:а|ов)?|м", "MTR"),
    RateUnit(
        "D30",
        "TJ",
        "ТДж",
        r"(?:tj|terajoules?)(?:\s*\(?gross\s+calorific\s+value\)?)?|тдж|тераджоул(?:ь|я|ей)",
        "D30",
    ),
    RateUnit("WTT", "W", "Вт", r"watts?|w|вт|ватт", "KWT", Decimal("0.001")),
)

MASS_KINDS: tuple[MassKind, ...] = (
    MassKind("KDW", "drained", "без жидкости", r"drained(?:\s*(?:wt|weight|net\s*weight))?|eda|без\s*жидкости", "E"),
    MassKind("KGMT", "dry lactic matter", "сухого молочного вещества", r"dry\s*lactic\s*matter", "T"),
    MassKind("KSD", "90% sdt", "90% сухого вещества", r"90\s*%\s*sdt"),
    MassKind("MND", "dry matter", "сухого вещества", r"dry(?:\s*(?:matter|wt|weight))?|mas", "M"),
    MassKind("KGMP", "lactic matter", "молочного вещества", r"lactic\s*matter", "P"),
    MassKind("KGMA", "tot.alc.", "общего спирта", r"tot(?:al)?\.?\s*/?\s*alc(?:ohol)?\.?", "A"),
    MassKind("KGMR", "std qual", "стандартного качества", r"st(?:d|andar)d?\.?\s*qual(?:ity)?\.?", "R"),
    MassKind("KGMS", "raw sugar", "сахара-сырца", r"raw\s*sugar", "S"),
    MassKind("KGMF", "common wheat", "мягкой пшеницы", r"common\s*wheat", "F"),
    MassKind("KGML", "live weight", "живого веса", r"live\s*(?:weight|wt)", "L"),
    MassKind("KGMI", "biodiesel", "биодизеля", r"(?:of\s+)?biodiesel(?:\s+content)?", "I"),
    MassKind("KGMJ", "fuel content", "содержания топлива", r"(?:of\s+)?fuel\s*content", "J"),
    MassKind("KGMK", "bioethanol", "биоэтанола", r"(?:of\s+)?bioethanol(?:\s+content)?", "K"),
    MassKind("KPP", "P2O5", "пятиокиси фосфора", r"p[2₂]o[5₅]"),
    MassKind("KPO", "K2O", "оксида калия", r"k[2₂]o"),
    MassKind("KNI", "N", "азота", r"n"),
    MassKind("KHY", "H2O2", "пероксида водорода", r"h[2₂]o[2₂]"),
    MassKind("KPH", "KOH", "гидроксида калия", r"koh"),
    MassKind("KSH", "NaOH", "гидроксида натрия", r"naoh"),
    MassKind("KUR", "U", "урана", r"u"),
    MassKind("KCC", "choline chloride", "хлорида холина", r"choline\s*chloride|c[5₅]h(?:14|₁₄)clno"),
    MassKind("KMA", "methylamines", "метиламинов", r"met(?:hylamines?|\.?\s*am\.?)"),
    MassKind("KAC", "acesulfame K", "ацесульфама калия", r"ace(?:sulfame)?\s*k"),
)

CONTENTS: Mapping[str, ContentKind] = {
    "P1Z": ContentKind("P1Z", "% sucrose", "% сахарозы", r"%\s*(?:saccha?r?\.?|sucrose)|%\s*сахарозы", "Z"),
}

COMPONENTS: Mapping[str, ComponentKind] = {
    kind.code: kind
    for kind in (
        ComponentKind("EAR", "EA R", "сниженный сельскохозяйственный компонент", r"EA\s*R", "AEAR"),
        ComponentKind("EA", "EA", "сельскохозяйственный компонент", r"EA", "AEA"),
        ComponentKind("ADSZR", "AD S/Z R", "сниженная дополнительная пошлина на сахар", r"AD\s*S/?Z\s*R", "ASZR"),
        ComponentKind("ADSZ", "AD S/Z", "дополнительная пошлина на сахар", r"AD\s*S/?Z", "ASZ"),
        ComponentKind("ADFMR", "AD F/M R", "сниженная дополнительная пошлина на муку", r"AD\s*F/?M\s*R", "AFMR"),
        ComponentKind("ADFM", "AD F/M", "дополнительная пошлина на муку", r"AD\s*F/?M", "AFM"),
    )
}

# Units by their code, TARIC's codes among them: code -> (unit, how many of it).
CODES: Mapping[str, tuple[str, Decimal]] = {
    **{unit.code: (unit.code, ONE) for unit in RATE_UNITS},
    **{kind.code: (kind.code, ONE) for kind in MASS_KINDS},
    "DTN": (KILOGRAM, Decimal(100)),
    "CEN": ("NAR", Decimal(100)),
    "MIL": ("NAR", Decimal(1000)),
    "KLT": ("LTR", Decimal(1000)),
    "HMT": ("MTR", Decimal(100)),
    "NPR": ("PR", ONE),
    "MPR": ("PR", Decimal(1000)),
    "TJO": ("D30", ONE),
    "WAT": ("WTT", ONE),
    "KNS": ("KHY", ONE),
}

UNIT_SYMBOLS: Mapping[str, str] = {
    **{unit.code: unit.symbol for unit in RATE_UNITS},
    **{kind.code: f"kg {kind.symbol}" for kind in MASS_KINDS},
    **{kind.code: kind.symbol for kind in CONTENTS.values()},
    **{kind.unit: kind.symbol for kind in COMPONENTS.values()},
}
UNIT_FACTORS: Mapping[str, tuple[str, Decimal]] = {
    **{unit.code: (unit.base, unit.factor) for unit in RATE_UNITS},
    **{code: (code, ONE) for code in UNIT_SYMBOLS if code not in {unit.code for unit in RATE_UNITS}},
}
# Units in which no quantity of goods is declared but a figure about them, which may be zero.
STATED_UNITS = frozenset(CONTENTS) | frozenset(kind.unit for kind in COMPONENTS.values())
