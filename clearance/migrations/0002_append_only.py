"""What officers and traders said and found only grows; a finished examination is never touched again."""

from django.db import migrations

from customs_portal.lib.append_only import append_only

FINISHED_STAYS = """
CREATE FUNCTION examination_finished_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.finished_at IS NOT NULL THEN
        RAISE EXCEPTION 'a finished examination never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER examination_finished_stays BEFORE UPDATE OR DELETE ON clearance_examination
    FOR EACH ROW EXECUTE FUNCTION examination_finished_stays();
CREATE FUNCTION case_closed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a closed file never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_closed_stays BEFORE UPDATE OR DELETE ON clearance_case
    FOR EACH ROW EXECUTE FUNCTION case_closed_stays();
"""
TAKE_AWAY = """
DROP TRIGGER examination_finished_stays ON clearance_examination;
DROP FUNCTION examination_finished_stays;
DROP TRIGGER case_closed_stays ON clearance_case;
DROP FUNCTION case_closed_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("clearance", "0001_initial")]

    operations = [
        append_only("clearance_query"),
        append_only("clearance_answer"),
        append_only("clearance_answerfile"),
        append_only("clearance_finding"),
        append_only("clearance_releasenote"),
        migrations.RunSQL(FINISHED_STAYS, TAKE_AWAY),
    ]
