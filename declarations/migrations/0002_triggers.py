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


# A charge after the assessment stays as it was made; it may be dropped, once.
REFUSE_LEVY = """
CREATE FUNCTION levy_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['status', 'decision', 'dropped_by_id', 'dropped_at'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status = 'dropped'
        OR to_jsonb(OLD) - may_change IS DISTINCT FROM to_jsonb(NEW) - may_change
    THEN
        RAISE EXCEPTION 'charge % is %: % refused', OLD.key, OLD.status, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER levy_refuse_change BEFORE UPDATE OR DELETE ON declarations_levy
    FOR EACH ROW EXECUTE FUNCTION levy_refuse_change();
"""
FORGET_LEVY = """
DROP TRIGGER levy_refuse_change ON declarations_levy;
DROP FUNCTION levy_refuse_change();
"""


# A stored file stays as it came in; only what the virus check says of it is added, once.
REFUSE_FILE = """
CREATE FUNCTION storedfile_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['safety', 'checked_at', 'found'];
BEGIN
    IF to_jsonb(OLD) - may_change IS DISTINCT FROM to_jsonb(NEW) - may_change OR OLD.safety <> 'waiting' THEN
        RAISE EXCEPTION 'stored file %: % refused', OLD.id, TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER storedfile_refuse_change BEFORE UPDATE ON declarations_storedfile
    FOR EACH ROW EXECUTE FUNCTION storedfile_refuse_change();
"""
FORGET_FILE = """
DROP TRIGGER storedfile_refuse_change ON declarations_storedfile;
DROP FUNCTION storedfile_refuse_change();
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

# What is left of stock is counted by the movements alone, in the same statement. The update waits for whoever draws at
# this moment, then sees what they drew; check constraints refuse what would leave less than nothing. An account begins
# with all that came in; from then on only its term changes, and an opening balance until it is confirmed.
COUNT_STOCK = """
CREATE FUNCTION declarations_open_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.packages_left := NEW.packages;
    NEW.net_mass_left := NEW.net_mass;
    NEW.supplementary_quantity_left := NEW.supplementary_quantity;
    NEW.value_left := NEW.value;
    RETURN NEW;
END $$;
CREATE TRIGGER stockaccount_opens BEFORE INSERT ON declarations_stockaccount
    FOR EACH ROW EXECUTE FUNCTION declarations_open_stock();
CREATE FUNCTION declarations_keep_stock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['due'];
BEGIN
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    IF OLD.is_opening_balance AND OLD.confirmed_by_id IS NULL THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        NEW.packages_left := NEW.packages;
        NEW.net_mass_left := NEW.net_mass;
        NEW.supplementary_quantity_left := NEW.supplementary_quantity;
        NEW.value_left := NEW.value;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        NEW.packages_left := OLD.packages_left;
        NEW.net_mass_left := OLD.net_mass_left;
        NEW.supplementary_quantity_left := OLD.supplementary_quantity_left;
        NEW.value_left := OLD.value_left;
    END IF;
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - may_change IS DISTINCT FROM to_jsonb(NEW) - may_change THEN
        RAISE EXCEPTION 'stock account %: % refused, what came in stays', OLD.id, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stockaccount_keeps BEFORE UPDATE OR DELETE ON declarations_stockaccount
    FOR EACH ROW EXECUTE FUNCTION declarations_keep_stock();
CREATE FUNCTION declarations_count_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE declarations_stockaccount SET
        packages_left = packages_left - NEW.packages,
        net_mass_left = net_mass_left - NEW.net_mass,
        supplementary_quantity_left = supplementary_quantity_left - NEW.supplementary_quantity,
        value_left = value_left - NEW.value
    WHERE id = NEW.account_id AND NOT (is_opening_balance AND confirmed_by_id IS NULL);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'stock account % is not confirmed', NEW.account_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.kind = 'give_back' AND NOT EXISTS (
        SELECT 1 FROM declarations_stockmovement m
        WHERE m.account_id = NEW.account_id AND m.item_id = NEW.item_id AND m.kind = 'draw'
        AND (m.packages, m.net_mass, m.supplementary_quantity, m.value)
            = (-NEW.packages, -NEW.net_mass, -NEW.supplementary_quantity, -NEW.value)
    ) THEN
        RAISE EXCEPTION 'stock account %: what is given back is not what was drawn', NEW.account_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stockmovement_counts AFTER INSERT ON declarations_stockmovement
    FOR EACH ROW EXECUTE FUNCTION declarations_count_stock();
CREATE FUNCTION declarations_judge_discharge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM declarations_stockmovement m JOIN declarations_stockmovement b
            ON b.account_id = m.account_id AND b.item_id = m.item_id AND b.kind = 'give_back'
        WHERE m.id = NEW.movement_id
    ) OR EXISTS (SELECT 1 FROM declarations_stockmovement m WHERE m.id = NEW.movement_id AND m.kind = 'give_back') THEN
        RAISE EXCEPTION 'movement % was given back and discharges nothing', NEW.movement_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stockdischarge_judged AFTER INSERT ON declarations_stockdischarge
    FOR EACH ROW EXECUTE FUNCTION declarations_judge_discharge();
"""
FORGET_STOCK = """
DROP TRIGGER stockdischarge_judged ON declarations_stockdischarge;
DROP TRIGGER stockmovement_counts ON declarations_stockmovement;
DROP TRIGGER stockaccount_keeps ON declarations_stockaccount;
DROP TRIGGER stockaccount_opens ON declarations_stockaccount;
DROP FUNCTION declarations_judge_discharge();
DROP FUNCTION declarations_count_stock();
DROP FUNCTION declarations_keep_stock();
DROP FUNCTION declarations_open_stock();
"""

# The term of an account that counts is moved by the row that says which extension moved it, and by nothing else.
EXTEND_TERM = """
CREATE FUNCTION declarations_extend_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE declarations_stockaccount SET due = NEW.due_after WHERE id = NEW.account_id AND due = NEW.due_before;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'stock account % is not due on %', NEW.account_id, NEW.due_before
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER extendedterm_extends AFTER INSERT ON declarations_extendedterm
    FOR EACH ROW EXECUTE FUNCTION declarations_extend_term();
CREATE FUNCTION declarations_keep_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'stock account %: its term changes by an extension alone', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER stockaccount_keeps_term BEFORE UPDATE ON declarations_stockaccount FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND OLD.due IS DISTINCT FROM NEW.due
        AND NOT (OLD.is_opening_balance AND OLD.confirmed_by_id IS NULL))
    EXECUTE FUNCTION declarations_keep_term();
"""
FORGET_TERM = """
DROP TRIGGER stockaccount_keeps_term ON declarations_stockaccount;
DROP TRIGGER extendedterm_extends ON declarations_extendedterm;
DROP FUNCTION declarations_keep_term();
DROP FUNCTION declarations_extend_term();
"""


# Each row of history carries the hash of all before it (ADR 40). Texts are JSON arrays, so that no two rows share one;
# a moment is its microseconds, whatever the session's time zone. `selectors.chain` computes the same in Python.
CHAIN = """
CREATE FUNCTION history_hash(texts text[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(to_jsonb(texts)::text, 'UTF8'))
$$;
CREATE FUNCTION history_link(of_declaration bigint, digest bytea, OUT place integer, OUT chain bytea)
LANGUAGE plpgsql SET enable_seqscan = off AS $$ -- a plan made for an empty table is kept while it grows
BEGIN
    UPDATE declarations_chain c SET length = c.length + 1, head = sha256(c.head || int4send(c.length + 1) || digest)
        WHERE c.declaration_id = of_declaration RETURNING c.length, c.head INTO place, chain;
    IF FOUND THEN
        RETURN;
    END IF;
    INSERT INTO declarations_chain AS c (declaration_id, length, beginning, head)
        SELECT of_declaration, 1, b.beginning, sha256(b.beginning || int4send(1) || digest)
        FROM (SELECT coalesce((
            SELECT p.head FROM declarations_declaration d
                JOIN declarations_declaration o ON o.mrn = d.mrn AND o.version = d.version - 1
                JOIN declarations_chain p ON p.declaration_id = o.id
            WHERE d.id = of_declaration AND d.version > 1), '') AS beginning) b
        ON CONFLICT (declaration_id) DO UPDATE
            SET length = c.length + 1, head = sha256(c.head || int4send(c.length + 1) || digest)
        RETURNING c.length, c.head INTO place, chain;
END $$;
CREATE FUNCTION event_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_ bytea := history_hash(ARRAY[NEW.id::text, NEW.declaration_id::text]);
    who bytea := history_hash(ARRAY[(extract(epoch FROM NEW.at) * 1000000)::bigint::text, NEW.by_id::text]);
    step bytea := history_hash(ARRAY[NEW.verb::text, NEW.old_status::text, NEW.new_status::text]);
    note bytea := history_hash(ARRAY[NEW.note]);
    details bytea := history_hash(ARRAY[NEW.data::text]);
BEGIN
    NEW.marks := substr(row_, 1, 8) || substr(who, 1, 8) || substr(step, 1, 8) || substr(note, 1, 8)
        || substr(details, 1, 8);
    SELECT l.place, l.chain INTO NEW.place, NEW.chain
        FROM history_link(NEW.declaration_id, row_ || who || step || note || details) l;
    RETURN NEW;
END $$;
CREATE TRIGGER event_chain BEFORE INSERT ON declarations_event FOR EACH ROW EXECUTE FUNCTION event_chain();
CREATE FUNCTION snapshot_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_ bytea := history_hash(ARRAY[NEW.id::text, NEW.declaration_id::text]);
    who bytea := history_hash(ARRAY[(extract(epoch FROM NEW.at) * 1000000)::bigint::text]);
    content bytea := history_hash(ARRAY[encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex')]);
    hash bytea := history_hash(ARRAY[NEW.sha256::text]);
BEGIN
    NEW.marks := substr(row_, 1, 8) || substr(who, 1, 8) || substr(content, 1, 8) || substr(hash, 1, 8);
    SELECT l.place, l.chain INTO NEW.place, NEW.chain
        FROM history_link(NEW.declaration_id, row_ || who || content || hash) l;
    RETURN NEW;
END $$;
CREATE TRIGGER snapshot_chain BEFORE INSERT ON declarations_snapshot FOR EACH ROW EXECUTE FUNCTION snapshot_chain();
CREATE FUNCTION chain_written_by_its_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM declarations_declaration WHERE id = OLD.declaration_id AND status = 'draft'
    ) THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% is written by the rows of history: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chain_written_by_its_rows BEFORE INSERT OR UPDATE OR DELETE ON declarations_chain
    FOR EACH ROW EXECUTE FUNCTION chain_written_by_its_rows();
"""
FORGET_CHAIN = """
DROP TRIGGER chain_written_by_its_rows ON declarations_chain;
DROP FUNCTION chain_written_by_its_rows();
DROP TRIGGER snapshot_chain ON declarations_snapshot;
DROP FUNCTION snapshot_chain();
DROP TRIGGER event_chain ON declarations_event;
DROP FUNCTION event_chain();
DROP FUNCTION history_link(bigint, bytea);
DROP FUNCTION history_hash(text[]);
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
        migrations.RunSQL(CHAIN, FORGET_CHAIN),
        append_only("declarations_anchor"),
        append_only("declarations_anchoredhead"),
        append_only("declarations_issuedpaper"),
        append_only("declarations_issuedfile"),
        append_only("declarations_charge"),
        append_only("declarations_itemvaluation"),
        append_only("declarations_impactreport"),
        append_only("declarations_impactresult"),
        append_only("declarations_stockmovement"),
        append_only("declarations_stockdischarge"),
        append_only("declarations_extendedterm"),
        append_only("declarations_refusedbalance"),
        append_only("declarations_stockreminder"),
        append_only("declarations_fileview"),
        migrations.RunSQL(sql=REFUSE_FILE, reverse_sql=FORGET_FILE),
        migrations.RunSQL(sql=COUNT_STOCK, reverse_sql=FORGET_STOCK),
        migrations.RunSQL(sql=EXTEND_TERM, reverse_sql=FORGET_TERM),
        migrations.RunSQL(sql=REFUSE_DECLARATION, reverse_sql=FORGET_DECLARATION),
        migrations.RunSQL(sql=REFUSE_PENALTY, reverse_sql=FORGET_PENALTY),
        migrations.RunSQL(sql=REFUSE_LEVY, reverse_sql=FORGET_LEVY),
        refusing("declaration_refuse_part", _OF_DECLARATION, *PARTS),
        refusing("declaration_refuse_document", _OF_ITEM, "itemdocument"),
    ]
