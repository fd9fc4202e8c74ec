"""Every change of an everyday word is kept, with who made it."""

from django.db import migrations

def keeps_history(table: str) -> migrations.RunSQL:
    """Every change of the table is kept in accounts_tablechange; the function is that of accounts.0002."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_history AFTER INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION keep_table_change();",
        f"DROP TRIGGER {table}_history ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("tariff_lookup", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        keeps_history("tariff_lookup_synonym"),
    ]
