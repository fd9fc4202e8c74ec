"""The history of a company and the papers of a claim only grow."""

from django.db import migrations

def append_only(table: str) -> migrations.RunSQL:
    """Update and delete are refused, whoever asks; the function is that of accounts.0002."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("traders", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        append_only("traders_companyevent"),
        append_only("traders_claimpaper"),
    ]
