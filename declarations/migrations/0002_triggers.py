"""What must never happen is refused by the database: history that changes, and a lodged declaration that changes."""

from django.db import migrations

REFUSE_DECLARATION = """
CREATE FUNCTION declaration_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['status', 'updated_at', 'updated_by_id'];
BEGIN
    IF OLD.status = 'draft' AND (OLD.sent_at IS NULL OR TG_OP = 'UPDATE' AND NEW.status <> 'draft') THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF OLD.status = 'draft' THEN
        RAISE EXCEPTION 'draft % was sent for a decision: % refused', OLD.id, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'declaration % is %: delete refused', OLD.id, OLD.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'draft' THEN
        RAISE EXCEPTION 'declaration % was lodged and cannot become a draft again', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status = 'lodged' THEN
        may_change := may_change || ARRAY['customs_value', 'payable', 'guaranteed'];
    END IF;
    IF to_jsonb(OLD) - may_change IS DISTINCT FROM to_jsonb(NEW) - may_change THEN
        RAISE EXCEPTION 'declaration % is %: a lodged declaration never changes', OLD.id, OLD.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER declaration_refuse_change BEFORE UPDATE OR DELETE ON declarations_declaration
    FOR EACH ROW EXECUTE FUNCTION declaration_refuse_change();
"""
FORGET_DECLARATION = """
DROP TRIGGER declaration_refuse_change ON declarations_declaration;
DROP FUNCTION declaration_refuse_change();
"""

# One function for the rows that hang on a declaration, one for the documents that hang on an item: only those of a
# draft may be written. It looks once for each statement, however many rows. A row whose parent is gone is being deleted
# with it.
PARTS = ("item", "container", "previousdeclaration", "supplierinvoice")
CHANGED = {
    "insert": "NEW TABLE AS after",
    "update": "OLD TABLE AS before NEW TABLE AS after",
    "delete": "OLD TABLE AS before",
}
_REFUSE = """
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lodged boolean := false;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        lodged := EXISTS ({after});
    END IF;
    IF TG_OP <> 'INSERT' AND NOT lodged THEN
        lodged := EXISTS ({before});
    END IF;
    IF lodged THEN
        RAISE EXCEPTION '% of a lodged declaration: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
_CLOSED = "(d.status <> 'draft' OR d.sent_at IS NOT NULL)"
_OF_DECLARATION = (
    f"SELECT 1 FROM {{rows}} JOIN declarations_declaration d ON d.id = {{rows}}.declaration_id WHERE {_CLOSED}"
)
_OF_ITEM = (
    "SELECT 1 FROM {rows} JOIN declarations_item i ON i.id = {rows}.item_id "
    f"JOIN declarations_declaration d ON d.id = i.declaration_id WHERE {_CLOSED}"
)


def refusing(function: str, lodged: str, *tables: str) -> migrations.RunSQL:
    """`function` refuses statements that touch rows of `tables` for which `lodged` finds a lodged declaration."""
    triggers = [
        (f"declarations_{table}_refuse_{event}", event, f"declarations_{table}") for table in tables for event in CHANGED
    ]
    made = "".join(
        f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} REFERENCING {CHANGED[event]} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}();"
        for name, event, table in triggers
    )
    gone = "".join(f"DROP TRIGGER {name} ON {table};" for name, _event, table in triggers)
    body = _REFUSE.format(function=function, after=lodged.format(rows="after"), before=lodged.format(rows="before"))
    return migrations.RunSQL(body + made, f"{gone} DROP FUNCTION {function}();")


# A fine stays as it was decided; only what becomes of it is added.
REFUSE_PENALTY = """
CREATE FUNCTION penalty_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['status', 'contest', 'contested_by_id', 'contested_at', 'decision', 'decided_by_id',
        'decided_at'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status IN ('upheld', 'dropped')
        OR to_jsonb(OLD) - may_change IS DISTINCT FROM to_jsonb(NEW) - may_change
    THEN
        RAISE EXCEPTION 'fine % is %: % refused', OLD.id, OLD.status, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER penalty_refuse_change BEFORE UPDATE OR DELETE ON declarations_penalty
    FOR EACH ROW EXECUTE FUNCTION penalty_refuse_change();
"""
FORGET_PENALTY = """
DROP TRIGGER penalty_refuse_change ON declarations_penalty;
DROP FUNCTION penalty_refuse_change();
"""


# History of a draft goes when the draft is thrown away; from lodging on it only grows.
REFUSE_EVENT = """
CREATE FUNCTION declaration_refuse_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM declarations_declaration WHERE id = OLD.declaration_id AND status = 'draft'
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER event_refuse_change BEFORE UPDATE OR DELETE ON declarations_event
    FOR EACH ROW EXECUTE FUNCTION declaration_refuse_event();
"""
FORGET_EVENT = """
DROP TRIGGER event_refuse_change ON declarations_event;
DROP FUNCTION declaration_refuse_event();
"""


def append_only(table: str) -> migrations.RunSQL:
    """Update and delete are refused, whoever asks; the function is that of accounts.0002."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("declarations", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        migrations.RunSQL(sql=REFUSE_EVENT, reverse_sql=FORGET_EVENT),
        append_only("declarations_snapshot"),
        append_only("declarations_charge"),
        append_only("declarations_itemvaluation"),
        append_only("declarations_impactreport"),
        append_only("declarations_impactresult"),
        migrations.RunSQL(sql=REFUSE_DECLARATION, reverse_sql=FORGET_DECLARATION),
        migrations.RunSQL(sql=REFUSE_PENALTY, reverse_sql=FORGET_PENALTY),
        refusing("declaration_refuse_part", _OF_DECLARATION, *PARTS),
        refusing("declaration_refuse_document", _OF_ITEM, "itemdocument"),
    ]
