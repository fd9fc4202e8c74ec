"""Keys stay as they were made but for their end, which is never taken back; withdrawn receipts are only added."""

from django.db import migrations

KEYS_STAY = """
CREATE FUNCTION travel_receipts_keys_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.id, OLD.key_id, OLD.public, OLD.signs_from, OLD.made_at)
        IS DISTINCT FROM (NEW.id, NEW.key_id, NEW.public, NEW.signs_from, NEW.made_at)
        OR OLD.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at
        OR OLD.signs_until IS NOT NULL AND (NEW.signs_until IS NULL OR NEW.signs_until > OLD.signs_until)
    THEN
        RAISE EXCEPTION 'a signing key stays as it was made, and its end is not taken back'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER travel_receipts_keys_stay BEFORE UPDATE OR DELETE ON travel_receipts_signingkey
    FOR EACH ROW EXECUTE FUNCTION travel_receipts_keys_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("travel_receipts", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        migrations.RunSQL(
            KEYS_STAY,
            "DROP TRIGGER travel_receipts_keys_stay ON travel_receipts_signingkey;"
            "DROP FUNCTION travel_receipts_keys_stay();",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER travel_receipts_withdrawnreceipt_append_only BEFORE UPDATE OR DELETE "
            "ON travel_receipts_withdrawnreceipt FOR EACH ROW EXECUTE FUNCTION refuse_change();",
            "DROP TRIGGER travel_receipts_withdrawnreceipt_append_only ON travel_receipts_withdrawnreceipt;",
        ),
    ]
