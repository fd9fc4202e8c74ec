"""What must never happen is refused by the database: history that changes, and a lodged declaration that changes."""

from django.db import migrations

REFUSE_DECLARATION = """
CREATE FUNCTION declaration_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['status', 'updated_at', 'updated_by_id'];
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN COALESCE(NEW, OLD);
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
# draft may be written. A row whose parent is gone is being deleted with it.
REFUSE_PARTS = """
CREATE FUNCTION declaration_refuse_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parents bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.declaration_id]
        WHEN 'DELETE' THEN ARRAY[OLD.declaration_id]
        ELSE ARRAY[OLD.declaration_id, NEW.declaration_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM declarations_declaration WHERE id = ANY(parents) AND status <> 'draft') THEN
        RAISE EXCEPTION '% of a lodged declaration: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE FUNCTION declaration_refuse_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parents bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.item_id]
        WHEN 'DELETE' THEN ARRAY[OLD.item_id]
        ELSE ARRAY[OLD.item_id, NEW.item_id] END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM declarations_item i JOIN declarations_declaration d ON d.id = i.declaration_id
        WHERE i.id = ANY(parents) AND d.status <> 'draft'
    ) THEN
        RAISE EXCEPTION '% of a lodged declaration: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER item_refuse_change BEFORE INSERT OR UPDATE OR DELETE ON declarations_item
    FOR EACH ROW EXECUTE FUNCTION declaration_refuse_part();
CREATE TRIGGER container_refuse_change BEFORE INSERT OR UPDATE OR DELETE ON declarations_container
    FOR EACH ROW EXECUTE FUNCTION declaration_refuse_part();
CREATE TRIGGER previous_refuse_change BEFORE INSERT OR UPDATE OR DELETE ON declarations_previousdeclaration
    FOR EACH ROW EXECUTE FUNCTION declaration_refuse_part();
CREATE TRIGGER supplier_refuse_change BEFORE INSERT OR UPDATE OR DELETE ON declarations_supplierinvoice
    FOR EACH ROW EXECUTE FUNCTION declaration_refuse_part();
CREATE TRIGGER document_refuse_change BEFORE INSERT OR UPDATE OR DELETE ON declarations_itemdocument
    FOR EACH ROW EXECUTE FUNCTION declaration_refuse_document();
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
FORGET_PARTS = """
DROP TRIGGER item_refuse_change ON declarations_item;
DROP TRIGGER container_refuse_change ON declarations_container;
DROP TRIGGER previous_refuse_change ON declarations_previousdeclaration;
DROP TRIGGER supplier_refuse_change ON declarations_supplierinvoice;
DROP TRIGGER document_refuse_change ON declarations_itemdocument;
DROP FUNCTION declaration_refuse_part();
DROP FUNCTION declaration_refuse_document();
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
        migrations.RunSQL(sql=REFUSE_PARTS, reverse_sql=FORGET_PARTS),
    ]
