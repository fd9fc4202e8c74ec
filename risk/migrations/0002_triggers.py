"""History and scores only grow; a version of a criterion keeps its content."""

from django.db import migrations

KEEP_CONTENT = """
CREATE FUNCTION criterion_keeps_its_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.code, OLD.version, OLD.name, OLD.name_ru, OLD.name_tg, OLD.conditions, OLD.lane,
        OLD.instruction, OLD.share, OLD.offices, OLD.made_at) IS DISTINCT FROM (NEW.code, NEW.version, NEW.name,
        NEW.name_ru, NEW.name_tg, NEW.conditions, NEW.lane, NEW.instruction, NEW.share, NEW.offices, NEW.made_at)
    THEN
        RAISE EXCEPTION 'a version of a criterion never changes; make a new one'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER criterion_keeps_its_content BEFORE UPDATE OR DELETE ON risk_criterion
    FOR EACH ROW EXECUTE FUNCTION criterion_keeps_its_content();
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


def append_only(table: str) -> migrations.RunSQL:
    """Update and delete are refused, whoever asks; the function is that of accounts.0002."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("risk", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        append_only("risk_criterionevent"),
        append_only("risk_score"),
        append_only("risk_hit"),
        append_only("risk_outcome"),
        append_only("risk_modelfile"),
        append_only("risk_modelevent"),
        append_only("risk_modelthreshold"),
        append_only("risk_modelscore"),
        append_only("risk_modeldrift"),
        migrations.RunSQL(
            KEEP_MODEL, "DROP TRIGGER model_keeps_what_it_is ON risk_model; DROP FUNCTION model_keeps_what_it_is;"
        ),
        migrations.RunSQL(
            KEEP_CONTENT,
            "DROP TRIGGER criterion_keeps_its_content ON risk_criterion; DROP FUNCTION criterion_keeps_its_content;",
        ),
    ]
