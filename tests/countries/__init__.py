"""Two more countries, for historic declarations: the taxes and rates that real exports state, and nothing else."""

from datetime import UTC, datetime
from pathlib import Path

from tariff_changes.services.law_lock import may_write_law
from tariff_changes.services.load_country import load_country
from tariffs import models

HERE = Path(__file__).parent
AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
_TABLES = (
    models.TravelAllowance,
    models.CashLimit,
    models.TravelRequirement,
    models.TravelPost,
    models.TravelTerm,
    models.TravelCategory,
    models.InterestRate,
    models.ServiceFee,
    models.ScanRule,
    models.Measure,
    models.Quota,
    models.Tax,
    models.Commodity,
    models.LegalAct,
    models.ExchangeRate,
    models.CountryGroupMember,
    models.CountryGroup,
    models.Procedure,
    models.DocumentType,
    models.PackageKind,
    models.Unit,
    models.Section,
    models.Territory,
)


def load_instead(name: str) -> Path:
    """Put the law of `gd` (Grenada) or `al` (Albania) in place of the one that is loaded. Offices are added."""
    with may_write_law():
        for table in _TABLES:
            table.objects.all().delete()
    load_country(HERE / name, at=AT)
    return HERE / name
