"""The table of documents whose scans are asked for."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from lib.cells import code
from tariffs.columns.shared import ACT, EXAMPLE, days
from tariffs.columns.table import LawColumn, Table
from tariffs.models import ScanRule

SCAN_RULE = Table(
    "scan_rule",
    ScanRule._meta.verbose_name or "",
    ScanRule,
    "scan_rules.csv",
    (
        LawColumn("document", code(5), field="document_code", refers="document_type", first=True),
        LawColumn("procedure", code(4), required=False, refers="procedure", hint=_("Empty: any."), first=True),
        EXAMPLE,
        replace(ACT, first=True),
        *days(first=True),
    ),
    series=("document", "procedure"),
    public="scan_rules",
    title=_("Documents whose scans have to come with the declaration"),
    order=("document_code", "procedure"),
)
