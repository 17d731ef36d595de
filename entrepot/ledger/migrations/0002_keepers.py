"""The database keeps the books too: balanced, append-only, never below zero, never into a closed period."""

from django.db import migrations

FORWARD = """
-- 1. At commit, each new transfer has all its legs and they sum to zero per currency.
CREATE FUNCTION ledger_transfer_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found_legs bigint;
  is_off boolean;
BEGIN
  SELECT coalesce(sum(legs), 0), coalesce(bool_or(off <> 0), true) INTO found_legs, is_off
  FROM (SELECT count(*) AS legs, sum(minor) AS off FROM ledger_posting WHERE transfer_id = NEW.id GROUP BY currency) x;
  IF is_off OR found_legs <> NEW.legs THEN
    RAISE EXCEPTION 'transfer % does not add up', NEW.external_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transfer_adds_up';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transfer_adds_up AFTER INSERT ON ledger_transfer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_transfer_adds_up();

-- 2. No transfer into a closed period. The lock lets posters pass each other, and makes a closer wait for them.
CREATE FUNCTION ledger_period_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  closed timestamptz;
BEGIN
  LOCK TABLE ledger_close IN ROW EXCLUSIVE MODE;
  SELECT max(until_at) INTO closed FROM ledger_close;
  IF closed IS NOT NULL AND EXISTS (SELECT 1 FROM fresh WHERE at < closed) THEN
    RAISE EXCEPTION 'the books are closed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_open', DETAIL = closed::text;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_period_open AFTER INSERT ON ledger_transfer
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_period_open();

-- 3. Postings name an account of their currency and a place inside their transfer; guarded accounts keep their balance.
CREATE FUNCTION ledger_posting_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong record;
BEGIN
  SELECT p.transfer_id, p.account_id INTO wrong FROM (
      SELECT min(transfer_id) AS transfer_id, account_id, currency FROM fresh GROUP BY account_id, currency
    ) p LEFT JOIN ledger_account a ON a.id = p.account_id AND a.currency = p.currency WHERE a.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a posting of transfer % names no account of its currency: %', wrong.transfer_id, wrong.account_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_fits';
  END IF;
  SELECT p.transfer_id INTO wrong FROM (
      SELECT transfer_id, min(at) AS first_at, max(at) AS last_at, min(position) AS low, max(position) AS high
      FROM fresh GROUP BY transfer_id
    ) p LEFT JOIN ledger_transfer t ON t.id = p.transfer_id
    WHERE t.id IS NULL OR p.first_at <> t.at OR p.last_at <> t.at OR p.low < 0 OR p.high >= t.legs LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a posting does not fit its transfer %', wrong.transfer_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_fits';
  END IF;
  PERFORM 1 FROM ledger_account WHERE is_guarded AND id IN (SELECT account_id FROM fresh)
    ORDER BY id FOR NO KEY UPDATE;
  UPDATE ledger_account a SET balance_minor = a.balance_minor + moved.minor * a.sign
    FROM (SELECT account_id, sum(minor)::bigint AS minor FROM fresh GROUP BY account_id) moved
    WHERE a.id = moved.account_id AND a.is_guarded AND moved.minor <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_fits AFTER INSERT ON ledger_posting
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_fits();

-- 4. Nothing posted is changed or deleted; an account's balance is moved by its postings only.
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: the ledger is append-only', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_append_only';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_transfer
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_posting
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_close
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_append_only BEFORE DELETE OR UPDATE ON ledger_account
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_append_only();
CREATE FUNCTION ledger_account_opens_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.balance_minor := 0;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_opens_empty BEFORE INSERT ON ledger_account
  FOR EACH ROW EXECUTE FUNCTION ledger_account_opens_empty();
"""

BACK = """
DROP TRIGGER ledger_account_opens_empty ON ledger_account;
DROP TRIGGER ledger_append_only ON ledger_account;
DROP TRIGGER ledger_append_only ON ledger_checkpoint;
DROP TRIGGER ledger_append_only ON ledger_close;
DROP TRIGGER ledger_append_only ON ledger_posting;
DROP TRIGGER ledger_append_only ON ledger_transfer;
DROP TRIGGER ledger_posting_fits ON ledger_posting;
DROP TRIGGER ledger_period_open ON ledger_transfer;
DROP TRIGGER ledger_transfer_adds_up ON ledger_transfer;
DROP FUNCTION ledger_account_opens_empty();
DROP FUNCTION ledger_append_only();
DROP FUNCTION ledger_posting_fits();
DROP FUNCTION ledger_period_open();
DROP FUNCTION ledger_transfer_adds_up();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
