"""Which tests belong to which module. `./portal mutate` takes the names on the left."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Module:
    """`tests` are paths. Without `database` no server is started and tests that need one are left out."""

    tests: tuple[str, ...]
    database: bool = False


_PAYMENTS = ("tests/payments",)
_CALCULATION = ("tests/tariffs/test_calculation.py", "tests/tariffs/test_calculation_rules.py")
MODULES: Mapping[str, Module] = {
    "tariffs/calculation": Module(
        (
            *_CALCULATION,
            "tests/tariffs/test_quotas.py",
            "tests/tariffs/test_quota_rules.py",
            "tests/tariffs/test_rates.py",
        )
    ),
    "tariffs/rates": Module(
        (
            "tests/tariffs/test_rates.py",
            "tests/tariffs/test_rates_rules.py",
            "tests/tariffs/test_rates_cases.py",
            "tests/tariffs/test_rates_properties.py",
            "tests/tariffs/test_rates_asked.py",
        )
    ),
    "lib/money.py": Module(("tests/lib/test_money.py", *_CALCULATION)),
    "lib/check_digits.py": Module(("tests/lib/test_check_digits.py", "tests/declarations/test_number.py")),
    "declarations/states.py": Module(
        ("tests/declarations/test_states.py", "tests/declarations/test_lodge_rules.py"), database=True
    ),
    "declarations/services/lodge.py": Module(
        (
            "tests/declarations/test_lodge.py",
            "tests/declarations/test_lodge_rules.py",
            "tests/declarations/test_amend.py",
            "tests/declarations/test_number.py",
            "tests/declarations/test_quotas.py",
        ),
        database=True,
    ),
    "payments/ledger.py": Module(_PAYMENTS, database=True),
    "payments/services": Module(_PAYMENTS, database=True),
}


def sources(name: str) -> list[Path]:
    """The files of a module."""
    place = ROOT / name
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]
