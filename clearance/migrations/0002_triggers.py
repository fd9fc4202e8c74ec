"""What officers and traders said and found only grows; a finished examination is never touched again."""

from django.db import migrations

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

# Only what leaves the country leaves it, and only once it was released.
EXIT = """
CREATE FUNCTION exit_of_released_exports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM declarations_declaration WHERE id = NEW.declaration_id AND declaration_type LIKE 'EX%'
            AND status IN ('released', 'exited')
    ) THEN
        RAISE EXCEPTION 'declaration % is no released export', NEW.declaration_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exit_of_released_exports BEFORE INSERT ON clearance_exitconfirmation
    FOR EACH ROW EXECUTE FUNCTION exit_of_released_exports();
"""
NO_EXIT = """
DROP TRIGGER exit_of_released_exports ON clearance_exitconfirmation;
DROP FUNCTION exit_of_released_exports;
"""


# A correction that was sent is evidence; one that ended is never touched again. What it is about never changes.
CORRECTION_STAYS = """
CREATE FUNCTION correction_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    identity text[] := ARRAY['declaration_id', 'draft_id', 'mrn', 'office_code', 'made_by_id', 'made_at'];
    sent text[] := ARRAY['kind', 'reason', 'moment', 'effect', 'difference', 'needs_consent', 'act', 'sent_by_id',
        'sent_at'];
    field text;
BEGIN
    IF TG_OP = 'DELETE' AND OLD.status = 'draft' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.status NOT IN ('draft', 'sent', 'decided', 'contested') THEN
        RAISE EXCEPTION 'correction % is %: % refused', OLD.id, OLD.status, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status <> 'draft' THEN
        identity := identity || sent;
    END IF;
    FOREACH field IN ARRAY identity LOOP
        IF to_jsonb(OLD) -> field IS DISTINCT FROM to_jsonb(NEW) -> field THEN
            RAISE EXCEPTION 'correction %: % does not change', OLD.id, field
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_stays BEFORE UPDATE OR DELETE ON clearance_correction
    FOR EACH ROW EXECUTE FUNCTION correction_stays();
"""
CORRECTION_MAY_GO = """
DROP TRIGGER correction_stays ON clearance_correction;
DROP FUNCTION correction_stays;
"""


# Who changed the lane of a file, or agreed to it, does not decide its release. What was decided stays.
REROUTED = """
CREATE FUNCTION rerouted_is_released_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM clearance_reroute WHERE mrn = NEW.mrn AND outcome = 'done'
            AND NEW.decided_by_id IN (asked_by_id, decided_by_id)
    ) THEN
        RAISE EXCEPTION 'file % is not released by who changed its lane', NEW.mrn
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rerouted_is_released_by_another BEFORE UPDATE OF decided_by_id ON clearance_case
    FOR EACH ROW WHEN (NEW.decided_by_id IS NOT NULL) EXECUTE FUNCTION rerouted_is_released_by_another();
CREATE FUNCTION reroute_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.outcome <> '' OR NEW.outcome = '' OR
       (NEW.id, NEW.case_id, NEW.mrn, NEW.lane_from, NEW.lane_to, NEW.reason, NEW.asked_by_id, NEW.asked_at)
       IS DISTINCT FROM
       (OLD.id, OLD.case_id, OLD.mrn, OLD.lane_from, OLD.lane_to, OLD.reason, OLD.asked_by_id, OLD.asked_at)
    THEN
        RAISE EXCEPTION 'a change of lane is decided once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reroute_stays BEFORE UPDATE OR DELETE ON clearance_reroute
    FOR EACH ROW EXECUTE FUNCTION reroute_stays();
"""
REROUTED_BY_ANYBODY = """
DROP TRIGGER reroute_stays ON clearance_reroute;
DROP FUNCTION reroute_stays;
DROP TRIGGER rerouted_is_released_by_another ON clearance_case;
DROP FUNCTION rerouted_is_released_by_another;
"""
# A sample gets its result once; what was taken never changes.
SAMPLE_STAYS = """
CREATE FUNCTION sample_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.result_at IS NOT NULL OR
       (NEW.id, NEW.examination_id, NEW.key, NEW.item_number, NEW.number, NEW.quantity, NEW.laboratory, NEW.question,
        NEW.taken_by_id, NEW.taken_at) IS DISTINCT FROM
       (OLD.id, OLD.examination_id, OLD.key, OLD.item_number, OLD.number, OLD.quantity, OLD.laboratory, OLD.question,
        OLD.taken_by_id, OLD.taken_at)
    THEN
        RAISE EXCEPTION 'a sample gets its result once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sample_stays BEFORE UPDATE OR DELETE ON clearance_sample
    FOR EACH ROW EXECUTE FUNCTION sample_stays();
"""
SAMPLE_MAY_GO = """
DROP TRIGGER sample_stays ON clearance_sample;
DROP FUNCTION sample_stays;
"""
# An audit that has ended never changes; which file it is of, and the seed of a sample, never do. None goes away.
AUDIT_STAYS = """
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR
       (NEW.id, NEW.case_id, NEW.mrn, NEW.office_code) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.mrn, OLD.office_code)
    THEN
        RAISE EXCEPTION 'an audit that has ended stays, and so does its file'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON clearance_audit
    FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE FUNCTION company_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    identity text[] := ARRAY['id', 'number', 'company_id', 'office_code', 'period_from', 'period_to', 'seed',
        'by_value', 'by_lot', 'method', 'planned_by_id', 'planned_at'];
    drawn text[] := ARRAY['frame_count', 'frame_value', 'frame_hash', 'interval', 'drawn_at'];
    field text;
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'an audit that has ended stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.drawn_at IS NOT NULL THEN
        identity := identity || drawn;
    END IF;
    FOREACH field IN ARRAY identity LOOP
        IF to_jsonb(OLD) -> field IS DISTINCT FROM to_jsonb(NEW) -> field THEN
            RAISE EXCEPTION 'audit %: % does not change', OLD.number, field
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER company_audit_stays BEFORE UPDATE OR DELETE ON clearance_companyaudit
    FOR EACH ROW EXECUTE FUNCTION company_audit_stays();
"""
AUDIT_MAY_GO = """
DROP TRIGGER company_audit_stays ON clearance_companyaudit;
DROP FUNCTION company_audit_stays;
DROP TRIGGER audit_stays ON clearance_audit;
DROP FUNCTION audit_stays;
"""


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
    dependencies = [("clearance", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        append_only("clearance_outcome"),
        migrations.RunSQL(CORRECTION_STAYS, CORRECTION_MAY_GO),
        append_only("clearance_wait"),
        append_only("clearance_allotmentswitch"),
        append_only("clearance_instructioncheck"),
        append_only("clearance_examinationphoto"),
        append_only("clearance_presence"),
        migrations.RunSQL(REROUTED, REROUTED_BY_ANYBODY),
        migrations.RunSQL(SAMPLE_STAYS, SAMPLE_MAY_GO),
        append_only("clearance_auditstep"),
        migrations.RunSQL(AUDIT_STAYS, AUDIT_MAY_GO),
        append_only("clearance_query"),
        append_only("clearance_answer"),
        append_only("clearance_answerfile"),
        append_only("clearance_finding"),
        append_only("clearance_opening"),
        append_only("clearance_exitconfirmation"),
        keeps_history("clearance_target"),
        keeps_history("clearance_auditterm"),
        migrations.RunSQL(EXIT, NO_EXIT),
        migrations.RunSQL(FINISHED_STAYS, TAKE_AWAY),
    ]
