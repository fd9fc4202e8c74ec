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
    UPDATE payments_account SET balance = balance + moved.change
        FROM (SELECT account_id, sum(credit - debit) AS change FROM added GROUP BY account_id) moved
        WHERE id = moved.account_id AND company_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_keep_balance AFTER INSERT ON payments_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments_keep_balance();
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

# No more is ever freed or called than a version of the declaration was charged to secure, and never less than nothing.
_FREED = """
CREATE FUNCTION payments_freed_within_guarantee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM payments_guaranteefreed WHERE mrn = NEW.mrn) NOT BETWEEN 0 AND (
        SELECT max(coalesce(guaranteed, 0)) FROM declarations_declaration WHERE mrn = NEW.mrn
    ) THEN
        RAISE EXCEPTION 'declaration %: more is freed than was guaranteed, or less than nothing', NEW.mrn
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_freed_within_guarantee AFTER INSERT ON payments_guaranteefreed
    FOR EACH ROW EXECUTE FUNCTION payments_freed_within_guarantee();
"""

# A guarantee stays as it was entered and is never deleted; its last day moves with terms that two officers agreed on.
# Terms stay as they were proposed.
_GUARANTEE = """
CREATE FUNCTION payments_keep_guarantee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - 'valid_to' IS DISTINCT FROM to_jsonb(NEW) - 'valid_to' THEN
        RAISE EXCEPTION 'guarantee %: % refused', OLD.id, TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.valid_to IS DISTINCT FROM OLD.valid_to AND NOT EXISTS (
        SELECT FROM payments_guaranteeterms
        WHERE guarantee_id = OLD.id AND status = 'agreed' AND valid_to = NEW.valid_to
    ) THEN
        RAISE EXCEPTION 'guarantee %: nobody agreed on this day', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_keep_guarantee BEFORE UPDATE OR DELETE ON payments_guarantee
    FOR EACH ROW EXECUTE FUNCTION payments_keep_guarantee();
CREATE FUNCTION payments_keep_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['status', 'decided_by_id', 'decided_at', 'decision'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'proposed'
        OR to_jsonb(OLD) - may_change IS DISTINCT FROM to_jsonb(NEW) - may_change
    THEN
        RAISE EXCEPTION 'terms % are %: % refused', OLD.id, OLD.status, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_keep_terms BEFORE UPDATE OR DELETE ON payments_guaranteeterms
    FOR EACH ROW EXECUTE FUNCTION payments_keep_terms();
"""

_INCOMING = """
CREATE FUNCTION payments_keep_incoming() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is kept: DELETE refused', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status IN ('allotted', 'reversed', 'booked', 'refused', 'back', 'known') THEN
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

# A day that is closed takes no entry more, nor an entry of it another posting. Booking takes the lock beside others,
# closing alone: when a day closes, every entry dated into it is committed and seen, or will be refused.
_CLOSED = """
CREATE FUNCTION payments_entry_on_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed_until timestamptz;
    dated timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(770770);
    SELECT max(ends) INTO closed_until FROM payments_closing WHERE status = 'closed';
    IF closed_until IS NOT NULL THEN
        SELECT min(at) INTO dated FROM added;
        IF dated < closed_until THEN
            RAISE EXCEPTION 'an entry of % falls on a day that is closed', dated
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_entry_on_open_day AFTER INSERT ON payments_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments_entry_on_open_day();
CREATE FUNCTION payments_posting_on_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed_until timestamptz;
BEGIN
    SELECT max(ends) INTO closed_until FROM payments_closing WHERE status = 'closed';
    IF closed_until IS NOT NULL AND EXISTS (
        SELECT FROM added JOIN payments_entry entry ON entry.id = added.entry_id WHERE entry.at < closed_until
    ) THEN
        RAISE EXCEPTION 'an entry of a closed day takes no posting more'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_posting_on_open_day AFTER INSERT ON payments_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments_posting_on_open_day();
CREATE FUNCTION payments_keep_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (OLD.status = 'closed' OR NEW.begins <> OLD.begins
        OR NEW.ends <> OLD.ends OR NEW.day <> OLD.day) THEN
        RAISE EXCEPTION 'the closing of % stays: % refused', OLD.day, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'closed' AND EXISTS (
        SELECT FROM payments_difference WHERE closing_id = NEW.id AND status = 'open'
    ) THEN
        RAISE EXCEPTION 'the day % has differences that nobody explained or looks into', NEW.day
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_keep_closing BEFORE INSERT OR UPDATE OR DELETE ON payments_closing
    FOR EACH ROW EXECUTE FUNCTION payments_keep_closing();
CREATE FUNCTION payments_keep_difference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is kept: DELETE refused', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM payments_closing WHERE id = NEW.closing_id AND status = 'closed') AND (
        TG_OP = 'INSERT' OR (NEW.key, NEW.kind, NEW.amount) IS DISTINCT FROM (OLD.key, OLD.kind, OLD.amount)
        OR NEW.status IN ('open', 'gone')
    ) THEN
        RAISE EXCEPTION 'a closed day keeps its differences: % refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_keep_difference BEFORE INSERT OR UPDATE OR DELETE ON payments_difference
    FOR EACH ROW EXECUTE FUNCTION payments_keep_difference();
CREATE FUNCTION payments_keep_closing_office() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_closing WHERE status = 'closed' AND id IN (
        CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD.closing_id END,
        CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE NEW.closing_id END
    )) THEN
        RAISE EXCEPTION 'a closed day keeps its figures: % refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER payments_keep_closing_office BEFORE INSERT OR UPDATE OR DELETE ON payments_closingoffice
    FOR EACH ROW EXECUTE FUNCTION payments_keep_closing_office();
"""
_CLOSED_BACK = """
DROP TRIGGER payments_entry_on_open_day ON payments_entry; DROP FUNCTION payments_entry_on_open_day();
DROP TRIGGER payments_posting_on_open_day ON payments_posting; DROP FUNCTION payments_posting_on_open_day();
DROP TRIGGER payments_keep_closing ON payments_closing; DROP FUNCTION payments_keep_closing();
DROP TRIGGER payments_keep_difference ON payments_difference; DROP FUNCTION payments_keep_difference();
DROP TRIGGER payments_keep_closing_office ON payments_closingoffice; DROP FUNCTION payments_keep_closing_office();
"""

_LIMIT = """
CREATE FUNCTION payments_keep_limit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'asked' OR
       (NEW.account_id, NEW.old, NEW.new, NEW.reason, NEW.by_id, NEW.at)
       IS DISTINCT FROM (OLD.account_id, OLD.old, OLD.new, OLD.reason, OLD.by_id, OLD.at) THEN
        RAISE EXCEPTION 'a change of a limit is decided once: % refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_keep_limit_change BEFORE UPDATE OR DELETE ON payments_limitchange
    FOR EACH ROW EXECUTE FUNCTION payments_keep_limit_change();
"""


# What a claim claims, whom an order pays and what a file holds stay as they were; only what becomes of them changes.
_STAYS = """
CREATE FUNCTION payments_keep_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may text[] := string_to_array(TG_ARGV[0], ',');
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - may <> to_jsonb(NEW) - may THEN
        RAISE EXCEPTION '% % stays as it was made: % refused', TG_TABLE_NAME, OLD.id, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
_MAY_CHANGE = {
    "refundclaim": "status,advice,advice_text,granted,advised_by_id,advised_at,ended_by_id,ended_at,entry_id",
    "refundline": "granted",
    "bankaccount": "status,confirmed_by_id,confirmed_at,by_customs,ended_by_id,ended_at,end_text",
    "payout": "status,first_by_id,approved_by_id,approved_at,file_id,debit_id,bounce_id,ended_by_id,ended_at,end_text",
    "paymentfile": "status,sent_by_id,sent_at",
}
_STAY_AS_MADE = "".join(
    f"CREATE TRIGGER payments_keep_{table} BEFORE UPDATE OR DELETE ON payments_{table} "
    f"FOR EACH ROW EXECUTE FUNCTION payments_keep_back('{columns}');\n"
    for table, columns in _MAY_CHANGE.items()
)
_STAY_NO_MORE = "".join(f"DROP TRIGGER payments_keep_{table} ON payments_{table};" for table in _MAY_CHANGE)

# Neither a claim nor anything else ever takes more of a tax out of revenue than a declaration brought.
_GRANTED = """
CREATE FUNCTION payments_granted_within_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM payments_posting line
        JOIN payments_account account ON account.id = line.account_id AND account.kind = 'revenue'
        JOIN payments_entry entry ON entry.id = line.entry_id
        JOIN declarations_declaration version ON version.id = entry.declaration_id AND version.mrn = NEW.mrn
        GROUP BY account.tax_code HAVING sum(line.credit - line.debit) < 0
    ) THEN
        RAISE EXCEPTION 'claim %: more goes back than was paid for declaration %', NEW.id, NEW.mrn
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_granted_within_paid AFTER UPDATE OF status ON payments_refundclaim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'granted')
    EXECUTE FUNCTION payments_granted_within_paid();
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
            _GUARANTEE,
            "DROP TRIGGER payments_keep_guarantee ON payments_guarantee; DROP FUNCTION payments_keep_guarantee(); "
            "DROP TRIGGER payments_keep_terms ON payments_guaranteeterms; DROP FUNCTION payments_keep_terms();",
        ),
        migrations.RunSQL(
            _INCOMING,
            "DROP TRIGGER payments_keep_suspenseitem ON payments_suspenseitem; "
            "DROP TRIGGER payments_keep_bankfile ON payments_bankfile; DROP FUNCTION payments_keep_incoming();",
        ),
        migrations.RunSQL(_CLOSED, _CLOSED_BACK),
        migrations.RunSQL(
            _LIMIT,
            "DROP TRIGGER payments_keep_limit_change ON payments_limitchange; "
            "DROP FUNCTION payments_keep_limit_change();",
        ),
        migrations.RunSQL(_STAYS + _STAY_AS_MADE, _STAY_NO_MORE + "DROP FUNCTION payments_keep_back();"),
        migrations.RunSQL(
            _GRANTED,
            "DROP TRIGGER payments_granted_within_paid ON payments_refundclaim; "
            "DROP FUNCTION payments_granted_within_paid();",
        ),
        keeps_history("payments_payingrule"),
        *(
            append_only(f"payments_{table}")
            for table in (
                "entry", "posting", "callback", "payment", "receipt", "guaranteefreed", "bankstatement", "bankentry",
                "travelpayment", "differencenote", "moneyevent", "moneypaper",
                "guaranteecall", "guaranteepaper", "guaranteereminder",
                "deferredstatement", "deferrednotice", "attemptpart", "autopayment", "autopaid",
            )
        ),
    ]
