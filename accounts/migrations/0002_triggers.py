"""Tables that only grow, and tables whose changes are kept: the functions for all apps, and the triggers here."""

from django.db import migrations

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


KEEP_CHANGE = """
CREATE FUNCTION keep_table_change() RETURNS trigger LANGUAGE plpgsql AS $$
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


# The words of a search go when their term has ended; that somebody looked stays.
LOOK_STAYS = """
CREATE FUNCTION look_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND coalesce(current_setting('portal.forgetting', true), '') = 'on' AND NEW.text = ''
        AND to_jsonb(OLD) - 'text' = to_jsonb(NEW) - 'text'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a look stays as it was written' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER look_stays BEFORE UPDATE OR DELETE ON accounts_look
    FOR EACH ROW EXECUTE FUNCTION look_stays();
"""
LOOK_MAY_GO = "DROP TRIGGER look_stays ON accounts_look; DROP FUNCTION look_stays;"
ROLES_STAY = """
CREATE FUNCTION role_comes_from_two_persons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.proposal_id IS NULL AND coalesce(current_setting('portal.appointing', true), '') <> 'on'
       OR NEW.proposal_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM accounts_roleproposal WHERE id = NEW.proposal_id AND outcome = 'given' AND user_id = NEW.user_id
            AND role = NEW.role AND office_id IS NOT DISTINCT FROM NEW.office_id)
    THEN
        RAISE EXCEPTION 'a role is given by two persons' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_comes_from_two_persons BEFORE INSERT ON accounts_officerrole
    FOR EACH ROW EXECUTE FUNCTION role_comes_from_two_persons();
CREATE FUNCTION role_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR
       (NEW.id, NEW.user_id, NEW.role, NEW.office_id, NEW.valid_from, NEW.proposal_id)
       IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.role, OLD.office_id, OLD.valid_from, OLD.proposal_id)
    THEN
        RAISE EXCEPTION 'a role is ended once, never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_stays BEFORE UPDATE OR DELETE ON accounts_officerrole
    FOR EACH ROW EXECUTE FUNCTION role_stays();
CREATE FUNCTION role_proposal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.outcome <> '' OR NEW.outcome = '' OR
       (NEW.id, NEW.user_id, NEW.role, NEW.office_id, NEW.proposed_by_id, NEW.proposed_at, NEW.reason)
       IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.role, OLD.office_id, OLD.proposed_by_id, OLD.proposed_at, OLD.reason)
    THEN
        RAISE EXCEPTION 'a proposal is decided once, never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_proposal_stays BEFORE UPDATE OR DELETE ON accounts_roleproposal
    FOR EACH ROW EXECUTE FUNCTION role_proposal_stays();
"""
# The pairs of accounts.rules.APART, word for word (a test compares them).
ROLES_APART = """
CREATE FUNCTION roles_stand_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held text;
    release text[] := ARRAY['documentary', 'examining', 'supervisor'];
    money text[] := ARRAY['cashier', 'treasury'];
    by_hand text[] := release || money || ARRAY['analyst', 'tariff'];
BEGIN
    PERFORM FROM accounts_user WHERE id = NEW.user_id FOR UPDATE;
    FOR held IN
        SELECT role FROM accounts_officerrole
        WHERE user_id = NEW.user_id AND valid_from <= coalesce(NEW.valid_to, 'infinity')
            AND NEW.valid_from <= coalesce(valid_to, 'infinity') AND role <> NEW.role
    LOOP
        IF 'admin' IN (held, NEW.role) OR 'auditor' IN (held, NEW.role) OR 'security' IN (held, NEW.role)
            OR held = 'director' AND NEW.role = ANY (by_hand) OR held = ANY (by_hand) AND NEW.role = 'director'
            OR held = ANY (release) AND NEW.role = ANY (money) OR held = ANY (money) AND NEW.role = ANY (release)
            OR held = 'analyst' AND NEW.role = ANY (release) OR held = ANY (release) AND NEW.role = 'analyst'
            OR (held, NEW.role) IN (('cashier', 'treasury'), ('treasury', 'cashier'))
            OR (held, NEW.role) IN (('tariff', 'approving'), ('approving', 'tariff'))
        THEN
            RAISE EXCEPTION 'one person may not be % and %', held, NEW.role
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER roles_stand_apart BEFORE INSERT ON accounts_officerrole
    FOR EACH ROW EXECUTE FUNCTION roles_stand_apart();
"""
ROLES_DO_NOT_STAY = """
DROP TRIGGER role_proposal_stays ON accounts_roleproposal;
DROP FUNCTION role_proposal_stays;
DROP TRIGGER role_stays ON accounts_officerrole;
DROP FUNCTION role_stays;
DROP TRIGGER role_comes_from_two_persons ON accounts_officerrole;
DROP FUNCTION role_comes_from_two_persons;
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
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION refuse_change();"),
        migrations.RunSQL(KEEP_CHANGE, "DROP FUNCTION keep_table_change();"),
        append_only("accounts_tablechange"),
        append_only("accounts_administrativeact"),
        migrations.RunSQL(LOOK_STAYS, LOOK_MAY_GO),
        migrations.RunSQL(ROLES_STAY, ROLES_DO_NOT_STAY),
        migrations.RunSQL(
            ROLES_APART,
            "DROP TRIGGER roles_stand_apart ON accounts_officerrole; DROP FUNCTION roles_stand_apart();",
        ),
        keeps_history("accounts_office"),
    ]
