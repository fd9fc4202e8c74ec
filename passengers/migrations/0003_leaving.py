"""What leaves again never exceeds what came in, a stay is never shortened, and personal content may only be emptied."""

from django.db import migrations

ONLY_EMPTIED = """
CREATE FUNCTION passengers_only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb;
    name text;
BEGIN
    IF TG_OP = 'DELETE' OR coalesce(current_setting('passengers.forgetting', true), '') <> 'on' THEN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    after := to_jsonb(NEW);
    -- Emptied, or a birthday rounded to its year: nothing else can be written in the place of what was.
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF after -> name IS DISTINCT FROM before -> name AND after -> name NOT IN ('""', '{}', '[]', 'null')
            AND after ->> name IS DISTINCT FROM left(before ->> name, 4) || '-01-01'
        THEN
            RAISE EXCEPTION '%: % may only be emptied', TG_TABLE_NAME, name
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        before := before - name;
        after := after - name;
    END LOOP;
    IF before <> after THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
# Table -> its columns that say something of a person.
PERSONAL = {
    "event": ("note", "data"),
    "version": ("content", "reason"),
    "traveller": (
        "family_name", "given_name", "patronymic", "search", "birth_date", "document_number", "document_country",
    ),
    "cashrow": ("details",),
    "vehicle": ("vin", "plate"),
    "photo": ("name", "file"),
    "stayconsequence": ("number", "text"),
    "passengerview": ("text",),
}  # fmt: skip
STAYS = """
CREATE FUNCTION passengers_stay_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE contact text[] := ARRAY['phone', 'email', 'reminded_for', 'plate', 'plate_key', 'vin', 'make'];
BEGIN
    IF TG_OP = 'DELETE' OR NEW.leave_by < OLD.leave_by OR NEW.begun_on <> OLD.begun_on
        OR NEW.vehicle_id <> OLD.vehicle_id OR NEW.declaration_id <> OLD.declaration_id
    THEN
        RAISE EXCEPTION 'a stay is not deleted and never shortened' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status <> 'here' AND to_jsonb(OLD) - contact <> to_jsonb(NEW) - contact THEN
        RAISE EXCEPTION 'this stay has ended' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER passengers_stay_stays BEFORE UPDATE OR DELETE ON passengers_vehiclestay
    FOR EACH ROW EXECUTE FUNCTION passengers_stay_stays();
CREATE FUNCTION passengers_decided_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said text[] := ARRAY['reason', 'decision'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.decided_at IS NOT NULL AND (
        to_jsonb(OLD) - said <> to_jsonb(NEW) - said
        OR to_jsonb(OLD) <> to_jsonb(NEW) AND coalesce(current_setting('passengers.forgetting', true), '') <> 'on'
    ) THEN
        RAISE EXCEPTION 'what was decided stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER passengers_extension_stays BEFORE UPDATE OR DELETE ON passengers_stayextension
    FOR EACH ROW EXECUTE FUNCTION passengers_decided_stays();
CREATE TRIGGER passengers_claim_stays BEFORE UPDATE OR DELETE ON passengers_exitclaim
    FOR EACH ROW EXECUTE FUNCTION passengers_decided_stays();
"""
NO_STAYS = """
DROP TRIGGER passengers_claim_stays ON passengers_exitclaim;
DROP TRIGGER passengers_extension_stays ON passengers_stayextension;
DROP FUNCTION passengers_decided_stays();
DROP TRIGGER passengers_stay_stays ON passengers_vehiclestay;
DROP FUNCTION passengers_stay_stays();
"""
NEVER_MORE = """
CREATE FUNCTION passengers_cash_out_of_in() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE came_in numeric; went_out numeric;
BEGIN
    SELECT amount INTO came_in FROM passengers_cashrow WHERE id = NEW.row_id FOR UPDATE;
    SELECT coalesce(sum(amount), 0) INTO went_out FROM passengers_cashout WHERE row_id = NEW.row_id;
    IF went_out + NEW.amount > came_in THEN
        RAISE EXCEPTION 'more cash would go out than came in: % of %', went_out + NEW.amount, came_in
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER passengers_cash_out_of_in BEFORE INSERT ON passengers_cashout
    FOR EACH ROW EXECUTE FUNCTION passengers_cash_out_of_in();
CREATE FUNCTION passengers_back_of_charged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE charged numeric; back numeric; declared bigint;
BEGIN
    SELECT declaration_id INTO declared FROM passengers_exitclaim WHERE id = NEW.claim_id;
    PERFORM FROM passengers_traveldeclaration WHERE id = declared FOR UPDATE;
    SELECT coalesce(sum(c.amount), 0) INTO charged FROM passengers_charge c
        JOIN passengers_version v ON v.id = c.version_id JOIN passengers_traveldeclaration d ON d.id = v.declaration_id
        WHERE d.id = declared AND v.number = d.version AND c.tax_code = NEW.tax_code;
    SELECT coalesce(sum(s.amount), 0) INTO back FROM passengers_claimshare s
        JOIN passengers_exitclaim e ON e.id = s.claim_id WHERE e.declaration_id = declared AND s.tax_code = NEW.tax_code;
    IF back + NEW.amount > charged THEN
        RAISE EXCEPTION 'more would go back than was charged: % of %', back + NEW.amount, charged
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER passengers_back_of_charged BEFORE INSERT ON passengers_claimshare
    FOR EACH ROW EXECUTE FUNCTION passengers_back_of_charged();
"""
NO_NEVER_MORE = """
DROP TRIGGER passengers_back_of_charged ON passengers_claimshare;
DROP FUNCTION passengers_back_of_charged();
DROP TRIGGER passengers_cash_out_of_in ON passengers_cashout;
DROP FUNCTION passengers_cash_out_of_in();
"""


def only_emptied(table: str, *columns: str) -> migrations.RunSQL:
    """No delete, and an update only empties these columns, within the verb that forgets."""
    named = ", ".join(f"'{column}'" for column in columns)
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_only_emptied BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION passengers_only_emptied({named});",
        f"DROP TRIGGER {table}_only_emptied ON {table};",
    )


def append_only(table: str) -> migrations.RunSQL:
    """Update and delete are refused, whoever asks; the function is that of accounts.0002."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("passengers", "0002_triggers")]

    operations = [
        migrations.RunSQL(ONLY_EMPTIED, "DROP FUNCTION passengers_only_emptied();"),
        *(only_emptied(f"passengers_{table}", *columns) for table, columns in PERSONAL.items()),
        migrations.RunSQL(STAYS, NO_STAYS),
        migrations.RunSQL(NEVER_MORE, NO_NEVER_MORE),
        append_only("passengers_cashout"),
        append_only("passengers_claimshare"),
    ]
