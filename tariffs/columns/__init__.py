"""Each table of the law and each column of it, named once.

Country files, change sets with their files, forms, differences and exports, and the open data read this. A new column
is a row here, a field of the model and a migration; docs/tariff-changes.md tells the way.
"""

from tariffs.columns.code_lists import CODE_LISTS
from tariffs.columns.law import FEES, LAW, changed_by_hand
from tariffs.columns.shared import rate_text
from tariffs.columns.table import Choices, LawColumn, Table

__all__ = [
    "CODE_LISTS",
    "FEES",
    "LAW",
    "Choices",
    "LawColumn",
    "Table",
    "changed_by_hand",
    "public_tables",
    "rate_text",
]


def public_tables() -> dict[str, Table]:
    """The tables of the open data by their public name, law first."""
    return {table.public: table for table in (*LAW.values(), *CODE_LISTS.values()) if table.public}
