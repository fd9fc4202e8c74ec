"""A target of release time stays as it was set; its last day is set once, by the target that takes its place."""

from django.db import migrations

TARGET_STAYS = """
CREATE FUNCTION release_target_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.valid_to IS NOT NULL
        OR to_jsonb(OLD) - 'valid_to' IS DISTINCT FROM to_jsonb(NEW) - 'valid_to' THEN
        RAISE EXCEPTION 'a target of release time stays: % refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER release_target_stays BEFORE UPDATE OR DELETE ON reporting_releasetarget
    FOR EACH ROW EXECUTE FUNCTION release_target_stays();
"""
TAKE_AWAY = """
DROP TRIGGER release_target_stays ON reporting_releasetarget;
DROP FUNCTION release_target_stays;
"""


def keeps_history(table: str) -> migrations.RunSQL:
    """Every change of the table is kept in accounts_tablechange; the function is that of accounts.0002."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_history AFTER INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION keep_table_change();",
        f"DROP TRIGGER {table}_history ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [migrations.RunSQL(TARGET_STAYS, TAKE_AWAY), keeps_history("reporting_releasetarget")]
