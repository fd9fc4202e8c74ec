"""Published law is changed by publication alone: a trigger refuses every other update and delete (ADR 16)."""

from django.db import migrations, models

TABLES = ("tariffs_measure", "tariffs_commodity", "tariffs_tax", "tariffs_quota", "tariffs_legalact")

# What was drawn from a quota is no law: it counts what declarations have used of it.
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_edit_of_law() RETURNS trigger LANGUAGE plpgsql AS $$
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

# A published set is evidence of what was changed, and of rows that were taken out before they came into force.
SET_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_edit_of_published_set() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    set_id bigint;
BEGIN
    set_id := CASE TG_TABLE_NAME WHEN 'tariffs_changeset' THEN OLD.id ELSE (to_jsonb(OLD) ->> 'change_set_id')::bigint END;
    IF EXISTS (SELECT FROM tariffs_changeset WHERE id = set_id AND status = 'published') THEN
        RAISE EXCEPTION '% of a published change set: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""


def guard_set(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"CREATE TRIGGER {table}_published BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_edit_of_published_set();",
        reverse_sql=f"DROP TRIGGER {table}_published ON {table};",
    )


def guard(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"CREATE TRIGGER {table}_published BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_edit_of_law();",
        reverse_sql=f"DROP TRIGGER {table}_published ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0007_exchange_rate_lists")]

    operations = [
        migrations.AddField(
            "changerow", "to_decide", models.TextField(blank=True, default="", verbose_name="to be decided"),
            preserve_default=False,
        ),
        migrations.RunSQL(sql=FUNCTION, reverse_sql="DROP FUNCTION refuse_edit_of_law();"),
        *(guard(table) for table in TABLES),
        migrations.RunSQL(sql=SET_FUNCTION, reverse_sql="DROP FUNCTION refuse_edit_of_published_set();"),
        guard_set("tariffs_changeset"),
        guard_set("tariffs_changerow"),
    ]
