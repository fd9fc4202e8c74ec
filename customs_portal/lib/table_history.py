"""History of reference tables: a trigger keeps what a row was before and after, whoever writes and by whatever way."""

from django.db import connection, migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION keep_table_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE person bigint := nullif(current_setting('portal.by', true), '')::bigint;
BEGIN
    IF TG_OP = 'INSERT' AND person IS NULL THEN RETURN NULL; END IF;
    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN RETURN NULL; END IF;
    INSERT INTO accounts_tablechange ("table", "row", action, before, after, by_id, at) VALUES (
        TG_TABLE_NAME, CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END, lower(TG_OP),
        CASE TG_OP WHEN 'INSERT' THEN NULL ELSE to_jsonb(OLD) END,
        CASE TG_OP WHEN 'DELETE' THEN NULL ELSE to_jsonb(NEW) END, person, clock_timestamp());
    RETURN NULL;
END $$;
"""


def keeps_history(table: str) -> migrations.RunSQL:
    """A migration operation after which every change of `table` is kept in `accounts_tablechange`."""
    return migrations.RunSQL(
        sql=_FUNCTION
        + f"CREATE TRIGGER {table}_history AFTER INSERT OR UPDATE OR DELETE ON {table} "
        + "FOR EACH ROW EXECUTE FUNCTION keep_table_change();",
        reverse_sql=f"DROP TRIGGER {table}_history ON {table};",
    )


def written_by(pk: int) -> None:
    """Until this transaction ends, changes of reference tables are those of the user with primary key `pk`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.by', %s, true)", [str(pk)])
