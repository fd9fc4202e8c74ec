"""What was told stays as it was said, and a delivery that has ended stays ended."""

from django.db import migrations

STAYS = """
CREATE FUNCTION message_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.read_at IS NOT NULL
        OR to_jsonb(NEW) - 'read_at' IS DISTINCT FROM to_jsonb(OLD) - 'read_at' THEN
        RAISE EXCEPTION 'a message is read, once, and never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER message_stays BEFORE UPDATE OR DELETE ON notifications_message
    FOR EACH ROW EXECUTE FUNCTION message_stays();
CREATE FUNCTION delivery_ended_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'waiting' THEN
        RAISE EXCEPTION 'a delivery that has ended never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delivery_ended_stays BEFORE UPDATE OR DELETE ON notifications_delivery
    FOR EACH ROW EXECUTE FUNCTION delivery_ended_stays();
"""
TAKE_AWAY = """
DROP TRIGGER message_stays ON notifications_message;
DROP FUNCTION message_stays;
DROP TRIGGER delivery_ended_stays ON notifications_delivery;
DROP FUNCTION delivery_ended_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [migrations.RunSQL(STAYS, TAKE_AWAY)]
