"""The history of change sets only grows, and a published set is never edited (ADR 16)."""

from django.db import migrations

# A published set is evidence of what was changed, and of rows that were taken out before they came into force.
REFUSE_EDIT_OF_SET = """
CREATE FUNCTION refuse_edit_of_published_set() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    set_id bigint;
BEGIN
    set_id := CASE TG_TABLE_NAME
        WHEN 'tariff_changes_changeset' THEN OLD.id
        ELSE (to_jsonb(OLD) ->> 'change_set_id')::bigint END;
    IF EXISTS (SELECT FROM tariff_changes_changeset WHERE id = set_id AND status = 'published') THEN
        RAISE EXCEPTION '% of a published change set: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""


def published(table: str, function: str) -> migrations.RunSQL:
    """Update and delete of what was published are refused."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_published BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {table}_published ON {table};",
    )


def append_only(table: str) -> migrations.RunSQL:
    """Update and delete are refused, whoever asks; the function is that of accounts.0002."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("tariff_changes", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        append_only("tariff_changes_changeevent"),
        migrations.RunSQL(REFUSE_EDIT_OF_SET, "DROP FUNCTION refuse_edit_of_published_set();"),
        published("tariff_changes_changeset", "refuse_edit_of_published_set"),
        published("tariff_changes_changerow", "refuse_edit_of_published_set"),
    ]
