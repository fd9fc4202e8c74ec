"""Every change of a code list is kept, with who made it."""

from django.db import migrations

from customs_portal.lib.table_history import keeps_history

TABLES = (
    "country", "countrygroup", "countrygroupmember", "currency", "unit", "packagekind", "deliveryterm",
    "transportmode", "documenttype", "codelistentry", "procedure", "synonym",
)


class Migration(migrations.Migration):
    dependencies = [
        ("tariffs", "0005_measures_quotas_and_change_sets"),
        ("accounts", "0002_table_history"),
    ]

    operations = [keeps_history(f"tariffs_{table}") for table in TABLES]
