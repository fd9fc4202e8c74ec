"""Published law is changed by publication alone (ADR 16); quotas count what is drawn; code lists keep their history."""

from django.db import migrations

PUBLISHED = ("measure", "commodity", "tax", "quota", "legalact")
LISTS = (
    "country",
    "countrygroup",
    "countrygroupmember",
    "currency",
    "unit",
    "packagekind",
    "deliveryterm",
    "transportmode",
    "documenttype",
    "codelistentry",
    "procedure",
)


# What was drawn from a quota is no law: it counts what declarations have used of it.
REFUSE_EDIT = """
CREATE FUNCTION refuse_edit_of_law() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'drawn' = to_jsonb(NEW) - 'drawn' THEN
        RETURN NEW;
    END IF;
    IF current_setting('portal.publishing', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION '% holds published law: % refused, it is changed by a change set', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""


# A draw counts into its quota in the same statement. The update waits for whoever draws at this moment, then sees
# what they drew; the check constraint refuses what would leave 0 to `volume`. `drawn` keeps its value in any other
# update of the row, so that one who saves a row read earlier does not wipe out the draws since.
COUNT_DRAWS = """
CREATE FUNCTION tariffs_count_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tariffs_quota SET drawn = drawn + NEW.quantity WHERE id = NEW.quota_id;
    RETURN NULL;
END $$;
CREATE TRIGGER tariffs_quotadraw_counts AFTER INSERT ON tariffs_quotadraw
    FOR EACH ROW EXECUTE FUNCTION tariffs_count_draw();
CREATE FUNCTION tariffs_keep_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        NEW.drawn := OLD.drawn;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tariffs_quota_keeps_drawn BEFORE UPDATE ON tariffs_quota
    FOR EACH ROW EXECUTE FUNCTION tariffs_keep_drawn();
"""


FORGET_DRAWS = """
DROP TRIGGER tariffs_quota_keeps_drawn ON tariffs_quota;
DROP FUNCTION tariffs_keep_drawn();
DROP TRIGGER tariffs_quotadraw_counts ON tariffs_quotadraw;
DROP FUNCTION tariffs_count_draw();
"""


# A published exchange rate stays as it is; only its last day is set, when the next one begins (ADR 18).
RATES_STAY = """
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


RATES_MAY_GO = """
DROP TRIGGER tariffs_exchangerate_published ON tariffs_exchangerate;
DROP FUNCTION refuse_edit_of_exchange_rate();
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


def published(table: str, function: str) -> migrations.RunSQL:
    """Update and delete are refused unless a publication is writing."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_published BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {table}_published ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        append_only("tariffs_quotadraw"),
        *(keeps_history(f"tariffs_{table}") for table in LISTS),
        migrations.RunSQL(REFUSE_EDIT, "DROP FUNCTION refuse_edit_of_law();"),
        *(published(f"tariffs_{table}", "refuse_edit_of_law") for table in PUBLISHED),
        migrations.RunSQL(COUNT_DRAWS, FORGET_DRAWS),
        migrations.RunSQL(RATES_STAY, RATES_MAY_GO),
    ]
