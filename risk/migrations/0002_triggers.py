"""History and scores only grow; a version of a criterion keeps its content."""

from django.db import migrations

from lib.triggers import append_only, keeps_history

KEEP_CONTENT = """
CREATE FUNCTION criterion_keeps_its_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.code, OLD.version, OLD.name, OLD.name_ru, OLD.name_tg, OLD.conditions, OLD.lane,
        OLD.instruction, OLD.share, OLD.general, OLD.may_yield, OLD.offices, OLD.made_at) IS DISTINCT FROM (NEW.code, NEW.version, NEW.name,
        NEW.name_ru, NEW.name_tg, NEW.conditions, NEW.lane, NEW.instruction, NEW.share, NEW.general, NEW.may_yield, NEW.offices, NEW.made_at)
    THEN
        RAISE EXCEPTION 'a version of a criterion never changes; make a new one'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER criterion_keeps_its_content BEFORE UPDATE OR DELETE ON risk_criterion
    FOR EACH ROW EXECUTE FUNCTION criterion_keeps_its_content();
"""


def keep(table: str, *columns: str) -> migrations.RunSQL:
    """Rows are never deleted, and these columns of them never changed: what comes later has columns of its own."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return migrations.RunSQL(
        f"""
CREATE FUNCTION {table}_keeps_its_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR ({old}) IS DISTINCT FROM ({new}) THEN
        RAISE EXCEPTION '{table}: a row keeps its content; end it and make a new one'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_keeps_its_content BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_keeps_its_content();
""",
        f"DROP TRIGGER {table}_keeps_its_content ON {table}; DROP FUNCTION {table}_keeps_its_content;",
    )


class Migration(migrations.Migration):
    dependencies = [("risk", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        append_only("risk_criterionevent"),
        append_only("risk_score"),
        append_only("risk_hit"),
        append_only("risk_outcome"),
        keep("risk_companyprofile", "company_id", "kind", "valid_from", "reason", "asked_by_id", "asked_at"),
        keep("risk_officetarget", "office_code", "lane", "per_hour", "per_day", "valid_from", "reason", "by_id", "at"),
        keeps_history("risk_companyprofile"),
        keeps_history("risk_officetarget"),
        migrations.RunSQL(
            KEEP_CONTENT,
            "DROP TRIGGER criterion_keeps_its_content ON risk_criterion; DROP FUNCTION criterion_keeps_its_content;",
        ),
    ]
