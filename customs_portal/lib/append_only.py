"""Tables that only grow: a trigger refuses update and delete, whoever asks."""

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """A migration operation that makes `table` append-only (TRUNCATE stays possible for a test's clean-up)."""
    return migrations.RunSQL(
        sql=_FUNCTION
        + f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        + "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        reverse_sql=f"DROP TRIGGER {table}_append_only ON {table};",
    )
