"""A published exchange rate stays as it is; only its last day is set, when the next one begins (ADR 18)."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION refuse_edit_of_exchange_rate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.publishing', true) IS DISTINCT FROM 'on'
        AND (TG_OP = 'DELETE' OR to_jsonb(OLD) - 'valid_to' <> to_jsonb(NEW) - 'valid_to')
    THEN
        RAISE EXCEPTION 'a published exchange rate stays: % refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER tariffs_exchangerate_published BEFORE UPDATE OR DELETE ON tariffs_exchangerate
    FOR EACH ROW EXECUTE FUNCTION refuse_edit_of_exchange_rate();
"""
AWAY = """
DROP TRIGGER tariffs_exchangerate_published ON tariffs_exchangerate;
DROP FUNCTION refuse_edit_of_exchange_rate();
"""


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0010_search_index")]

    operations = [migrations.RunSQL(FUNCTION, AWAY)]
