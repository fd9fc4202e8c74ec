"""History, scores and seeds only grow; a version of a criterion or list, and a replay that ended, keep their content."""

from django.db import migrations

KEEP_CONTENT = """
CREATE FUNCTION criterion_keeps_its_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.switched_on AND NEW.made_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a version that a person made goes live once a second one approved it'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (OLD.code, OLD.version, OLD.about, OLD.name, OLD.name_ru, OLD.name_tg, OLD.conditions,
        OLD.lane, OLD.instruction, OLD.share, OLD.general, OLD.may_yield, OLD.offices, OLD.made_at, OLD.made_by_id)
        IS DISTINCT FROM (NEW.code,
        NEW.version, NEW.about, NEW.name, NEW.name_ru, NEW.name_tg, NEW.conditions, NEW.lane, NEW.instruction,
        NEW.share, NEW.general, NEW.may_yield,
        NEW.offices, NEW.made_at, NEW.made_by_id)
    THEN
        RAISE EXCEPTION 'a version of a criterion never changes; make a new one'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.replay_id IS NOT NULL AND NOT EXISTS (SELECT FROM risk_replay
        WHERE id = NEW.replay_id AND criterion_id = NEW.id AND status = 'done')
    THEN
        RAISE EXCEPTION 'a version is proposed with a replay of its own that is done'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER criterion_keeps_its_content BEFORE INSERT OR UPDATE OR DELETE ON risk_criterion
    FOR EACH ROW EXECUTE FUNCTION criterion_keeps_its_content();
"""
KEEP_REPLAY = """
CREATE FUNCTION replay_keeps_its_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'waiting' THEN
        RAISE EXCEPTION 'a replay that has ended never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER replay_keeps_its_result BEFORE UPDATE OR DELETE ON risk_replay
    FOR EACH ROW EXECUTE FUNCTION replay_keeps_its_result();
"""
KEEP_LIST = """
CREATE FUNCTION list_version_keeps_its_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.approved_by_id IS NOT NULL
        OR (OLD.listed_id, OLD.number, OLD.entries, OLD.note, OLD.made_at, OLD.made_by_id)
        IS DISTINCT FROM (NEW.listed_id, NEW.number, NEW.entries, NEW.note, NEW.made_at, NEW.made_by_id)
    THEN
        RAISE EXCEPTION 'a version of a list never changes; make a new one'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER list_version_keeps_its_entries BEFORE UPDATE OR DELETE ON risk_risklistversion
    FOR EACH ROW EXECUTE FUNCTION list_version_keeps_its_entries();
"""

KEEP_MODEL = """
CREATE FUNCTION model_keeps_what_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.status <> 'waiting' AND (OLD.since, OLD.until, OLD.made_at, OLD.library, OLD.features,
        OLD.figures, OLD.sha256, OLD.size, OLD.fault) IS DISTINCT FROM (NEW.since, NEW.until, NEW.made_at, NEW.library,
        NEW.features, NEW.figures, NEW.sha256, NEW.size, NEW.fault))
    THEN
        RAISE EXCEPTION 'a model that was made never changes; make a new one'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER model_keeps_what_it_is BEFORE UPDATE OR DELETE ON risk_model
    FOR EACH ROW EXECUTE FUNCTION model_keeps_what_it_is();
"""


def trigger(made: str, name: str, table: str) -> migrations.RunSQL:
    """A trigger and its function of the same name."""
    return migrations.RunSQL(made, f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name};")


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


def append_only(table: str) -> migrations.RunSQL:
    """Update and delete are refused, whoever asks; the function is that of accounts.0002."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


def keeps_history(table: str) -> migrations.RunSQL:
    """Every change of the table is kept in accounts_tablechange; the function is that of accounts.0002."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_history AFTER INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION keep_table_change();",
        f"DROP TRIGGER {table}_history ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("risk", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        append_only("risk_criterionevent"),
        append_only("risk_score"),
        append_only("risk_hit"),
        append_only("risk_outcome"),
        append_only("risk_drawseed"),
        trigger(KEEP_CONTENT, "criterion_keeps_its_content", "risk_criterion"),
        trigger(KEEP_REPLAY, "replay_keeps_its_result", "risk_replay"),
        trigger(KEEP_LIST, "list_version_keeps_its_entries", "risk_risklistversion"),
        keep("risk_companyprofile", "company_id", "kind", "valid_from", "reason", "asked_by_id", "asked_at"),
        keep("risk_officetarget", "office_code", "lane", "per_hour", "per_day", "valid_from", "reason", "by_id", "at"),
        keeps_history("risk_companyprofile"),
        keeps_history("risk_officetarget"),
        keeps_history("risk_modelthreshold"),
        keeps_history("risk_risklistversion"),
        append_only("risk_modelfile"),
        append_only("risk_modelevent"),
        append_only("risk_modelthreshold"),
        append_only("risk_modelscore"),
        append_only("risk_modeldrift"),
        trigger(KEEP_MODEL, "model_keeps_what_it_is", "risk_model"),
    ]
