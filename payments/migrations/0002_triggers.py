"""What the ledger refuses, whoever asks; and who keeps balances.

Refused: entries that do not balance, changes to what was booked, a declaration that ends while money is booked for it.
"""

from django.db import migrations

_BALANCED = """
CREATE FUNCTION payments_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint;
    difference numeric;
BEGIN
    IF TG_TABLE_NAME = 'payments_entry' THEN checked := NEW.id; ELSE checked := NEW.entry_id; END IF;
    SELECT sum(debit) - sum(credit) INTO difference FROM payments_posting WHERE entry_id = checked;
    IF difference IS DISTINCT FROM 0 THEN
        RAISE EXCEPTION 'entry % does not balance: debits less credits are %', checked, difference
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_entry_balances AFTER INSERT ON payments_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
CREATE CONSTRAINT TRIGGER payments_posting_balances AFTER INSERT ON payments_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
"""

_BALANCE = """
CREATE FUNCTION payments_keep_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE payments_account SET balance = balance + NEW.credit - NEW.debit
        WHERE id = NEW.account_id AND company_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_keep_balance AFTER INSERT ON payments_posting
    FOR EACH ROW EXECUTE FUNCTION payments_keep_balance();
"""

_RESERVED = """
CREATE FUNCTION payments_keep_reserved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (
        OLD.status <> 'held' OR NEW.account_id <> OLD.account_id OR NEW.amount <> OLD.amount OR NEW.mrn <> OLD.mrn
    )) THEN
        RAISE EXCEPTION 'a reservation only ends: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.status = 'held' THEN
        UPDATE payments_account SET reserved = reserved + NEW.amount WHERE id = NEW.account_id;
    ELSIF TG_OP = 'UPDATE' AND NEW.status <> 'held' THEN
        UPDATE payments_account SET reserved = reserved - NEW.amount WHERE id = NEW.account_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_keep_reserved BEFORE INSERT OR UPDATE OR DELETE ON payments_reservation
    FOR EACH ROW EXECUTE FUNCTION payments_keep_reserved();
"""


_ENDED = """
CREATE FUNCTION payments_ended_keeps_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_reservation WHERE mrn = NEW.mrn AND status = 'held') OR (
        SELECT sum(line.credit - line.debit)
        FROM payments_posting line
        JOIN payments_account account ON account.id = line.account_id AND account.company_id IS NULL
        JOIN payments_entry entry ON entry.id = line.entry_id
        JOIN declarations_declaration version ON version.id = entry.declaration_id AND version.mrn = NEW.mrn
    ) <> 0 THEN
        RAISE EXCEPTION 'declaration % is % and money is still booked or held for it', NEW.mrn, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_ended_keeps_nothing AFTER UPDATE OF status ON declarations_declaration
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status IN ('cancelled', 'rejected'))
    EXECUTE FUNCTION payments_ended_keeps_nothing();
"""

# No more is ever freed than a version of the declaration was charged to secure.
_FREED = """
CREATE FUNCTION payments_freed_within_guarantee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM payments_guaranteefreed WHERE mrn = NEW.mrn) > (
        SELECT max(coalesce(guaranteed, 0)) FROM declarations_declaration WHERE mrn = NEW.mrn
    ) THEN
        RAISE EXCEPTION 'declaration %: more is freed than was guaranteed', NEW.mrn
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_freed_within_guarantee AFTER INSERT ON payments_guaranteefreed
    FOR EACH ROW EXECUTE FUNCTION payments_freed_within_guarantee();
"""

_INCOMING = """
CREATE FUNCTION payments_keep_incoming() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is kept: DELETE refused', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status IN ('allotted', 'reversed', 'booked', 'refused') THEN
        RAISE EXCEPTION '% % has ended: UPDATE refused', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_TABLE_NAME = 'payments_suspenseitem' THEN
        IF NEW.amount <> OLD.amount OR NEW.bank_entry_id <> OLD.bank_entry_id THEN
            RAISE EXCEPTION 'money on the suspense account is what came: UPDATE refused'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NEW.sha256 <> OLD.sha256 OR NEW.file <> OLD.file THEN
        RAISE EXCEPTION 'a file of the bank stays as it came: UPDATE refused'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_keep_suspenseitem BEFORE UPDATE OR DELETE ON payments_suspenseitem
    FOR EACH ROW EXECUTE FUNCTION payments_keep_incoming();
CREATE TRIGGER payments_keep_bankfile BEFORE UPDATE OR DELETE ON payments_bankfile
    FOR EACH ROW EXECUTE FUNCTION payments_keep_incoming();
"""


def append_only(table: str) -> migrations.RunSQL:
    """Update and delete are refused, whoever asks; the function is that of accounts.0002."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        migrations.RunSQL(
            _BALANCED,
            "DROP TRIGGER payments_entry_balances ON payments_entry; "
            "DROP TRIGGER payments_posting_balances ON payments_posting; DROP FUNCTION payments_entry_balances();",
        ),
        migrations.RunSQL(
            _BALANCE,
            "DROP TRIGGER payments_keep_balance ON payments_posting; DROP FUNCTION payments_keep_balance();",
        ),
        migrations.RunSQL(
            _RESERVED,
            "DROP TRIGGER payments_keep_reserved ON payments_reservation; DROP FUNCTION payments_keep_reserved();",
        ),
        migrations.RunSQL(
            _ENDED,
            "DROP TRIGGER payments_ended_keeps_nothing ON declarations_declaration; "
            "DROP FUNCTION payments_ended_keeps_nothing();",
        ),
        migrations.RunSQL(
            _FREED,
            "DROP TRIGGER payments_freed_within_guarantee ON payments_guaranteefreed; "
            "DROP FUNCTION payments_freed_within_guarantee();",
        ),
        migrations.RunSQL(
            _INCOMING,
            "DROP TRIGGER payments_keep_suspenseitem ON payments_suspenseitem; "
            "DROP TRIGGER payments_keep_bankfile ON payments_bankfile; DROP FUNCTION payments_keep_incoming();",
        ),
        *(
            append_only(f"payments_{table}")
            for table in (
                "entry", "posting", "callback", "payment", "receipt", "limitchange", "guaranteefreed", "bankstatement",
                "bankentry", "travelpayment", "deferredstatement", "deferrednotice", "attemptpart", "autopayment",
                "autopaid",
            )
        ),
    ]
