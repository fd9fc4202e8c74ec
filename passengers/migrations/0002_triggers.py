"""What was sent never changes, history only grows, and a declaration that has ended stays as it is."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION passengers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a traveller''s declaration is not deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Money may still go back after the end.
    IF to_jsonb(OLD) - 'paid' = to_jsonb(NEW) - 'paid' THEN
        RETURN NEW;
    END IF;
    -- Its personal content is deleted after its term (see 0003).
    IF coalesce(current_setting('passengers.forgetting', true), '') = 'on' AND NEW.draft = '{}' AND NEW.carriage = ''
        AND NEW.forgotten_at IS NOT NULL AND to_jsonb(OLD) - ARRAY['draft', 'carriage', 'forgotten_at']
            = to_jsonb(NEW) - ARRAY['draft', 'carriage', 'forgotten_at']
    THEN
        RETURN NEW;
    END IF;
    IF OLD.status IN ('released', 'goods_kept', 'goods_returned', 'retained', 'cancelled') THEN
        RAISE EXCEPTION 'declaration % is %: it has ended', OLD.id, OLD.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.version < OLD.version OR NEW.code <> OLD.code OR NEW.public_id <> OLD.public_id
        OR (OLD.reference <> '' AND NEW.reference <> OLD.reference)
        OR (OLD.presented_at IS NOT NULL AND NEW.presented_at IS DISTINCT FROM OLD.presented_at)
    THEN
        RAISE EXCEPTION 'declaration %: its names and versions stay', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER passengers_refuse_change BEFORE UPDATE OR DELETE ON passengers_traveldeclaration
    FOR EACH ROW EXECUTE FUNCTION passengers_refuse_change();
"""
FORGET = """
DROP TRIGGER passengers_refuse_change ON passengers_traveldeclaration;
DROP FUNCTION passengers_refuse_change();
"""
APPEND_ONLY = ("charge", "allowanceuse", "travellevy")


def append_only(table: str) -> migrations.RunSQL:
    """Update and delete are refused, whoever asks; the function is that of accounts.0002."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("passengers", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        migrations.RunSQL(REFUSE, FORGET),
        *(append_only(f"passengers_{table}") for table in APPEND_ONLY),
    ]
