"""What was answered, set aside or handed over at the post stays as it is; lanes only grow."""

from django.db import migrations

# An act, once answered, and goods set aside, once their end is decided, stay; what they are of never changes. A
# handover is given to a declarant once.
STAYS = """
CREATE FUNCTION border_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := CASE TG_TABLE_NAME
        WHEN 'border_travelact' THEN ARRAY['answer']
        WHEN 'border_goodsaside' THEN ARRAY['status', 'reminded_at', 'ended_by_id', 'ended_at', 'end_note']
        ELSE ARRAY['company_tin', 'draft_key', 'taken_by_id', 'taken_at'] END;
    ended boolean := CASE TG_TABLE_NAME
        WHEN 'border_travelact' THEN to_jsonb(OLD) -> 'answer' <> '{}'::jsonb
        WHEN 'border_goodsaside' THEN to_jsonb(OLD) ->> 'status' <> 'held'
        ELSE to_jsonb(OLD) ->> 'draft_key' IS NOT NULL END;
BEGIN
    IF TG_OP = 'DELETE' OR ended OR to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        RAISE EXCEPTION '% %: % refused', TG_TABLE_NAME, OLD.id, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
FORGET = "DROP FUNCTION border_stays;"


def stays(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION border_stays();",
        f"DROP TRIGGER {table}_stays ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("border", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        migrations.RunSQL(STAYS, FORGET),
        stays("border_travelact"),
        stays("border_goodsaside"),
        stays("border_cargohandover"),
        migrations.RunSQL(
            "CREATE TRIGGER border_travellane_append_only BEFORE UPDATE OR DELETE ON border_travellane "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
            "DROP TRIGGER border_travellane_append_only ON border_travellane;",
        ),
    ]
