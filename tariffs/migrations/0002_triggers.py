"""Published law is changed by publication alone (ADR 16); quotas count what is drawn; code lists keep their history.

Whatever is changed gives the tables a new edition, so that no process goes on with what it remembers of them (ADR 34).
"""

from django.db import migrations

PUBLISHED = (
    "measure",
    "commodity",
    "tax",
    "quota",
    "legalact",
    "travelcategory",
    "travelallowance",
    "cashlimit",
    "travelrequirement",
    "travelpost",
    "travelterm",
    "interestrate",
    "servicefee",
    "scanrule",
)
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
    "correctionrule",
    "refundrule",
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


# A number that was never given before, even by a transaction that was undone: what is remembered under it is true.
EDITION = """
CREATE SEQUENCE tariffs_edition;
CREATE FUNCTION tariffs_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM changed) THEN
        UPDATE tariffs_territory SET edition = 0;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION tariffs_new_edition_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tariffs_territory SET edition = 0;
    RETURN NULL;
END $$;
CREATE FUNCTION tariffs_territory_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.edition := nextval('tariffs_edition');
    RETURN NEW;
END $$;
CREATE TRIGGER tariffs_territory_edition BEFORE INSERT OR UPDATE ON tariffs_territory
    FOR EACH ROW EXECUTE FUNCTION tariffs_territory_new_edition();
CREATE TRIGGER tariffs_quota_edition AFTER UPDATE ON tariffs_quota
    FOR EACH ROW WHEN (to_jsonb(OLD) - 'drawn' IS DISTINCT FROM to_jsonb(NEW) - 'drawn')
    EXECUTE FUNCTION tariffs_new_edition_of_row();
"""


FORGET_EDITION = """
DROP TRIGGER tariffs_quota_edition ON tariffs_quota;
DROP TRIGGER tariffs_territory_edition ON tariffs_territory;
DROP FUNCTION tariffs_territory_new_edition();
DROP FUNCTION tariffs_new_edition_of_row();
DROP FUNCTION tariffs_new_edition();
DROP SEQUENCE tariffs_edition;
"""
EVENTS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}


def renews_edition(table: str, *events: str) -> migrations.RunSQL:
    """Each statement that changes a row of the table gives a new edition."""
    return migrations.RunSQL(
        "".join(
            f"CREATE TRIGGER {table}_{event}_edition AFTER {event.upper()} ON {table} "
            f"REFERENCING {EVENTS[event]} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tariffs_new_edition();"
            for event in events
        ),
        "".join(f"DROP TRIGGER {table}_{event}_edition ON {table};" for event in events),
    )


def published(table: str, function: str) -> migrations.RunSQL:
    """Update and delete are refused unless a publication is writing."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_published BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {table}_published ON {table};",
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
    dependencies = [("tariffs", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        append_only("tariffs_quotadraw"),
        *(keeps_history(f"tariffs_{table}") for table in LISTS),
        migrations.RunSQL(REFUSE_EDIT, "DROP FUNCTION refuse_edit_of_law();"),
        *(published(f"tariffs_{table}", "refuse_edit_of_law") for table in PUBLISHED),
        migrations.RunSQL(COUNT_DRAWS, FORGET_DRAWS),
        migrations.RunSQL(RATES_STAY, RATES_MAY_GO),
        migrations.RunSQL(EDITION, FORGET_EDITION),
        renews_edition("tariffs_quota", "insert", "delete"),
        *(
            renews_edition(table, *EVENTS)
            for table in (
                *(f"tariffs_{table}" for table in (*LISTS, *PUBLISHED, "exchangerate") if table != "quota"),
                "accounts_office",
            )
        ),
    ]
