"""The books are kept a statement at a time: what was checked for each row by itself is checked for all of them at once."""

from django.db import migrations

FORWARD = """
-- 1. All postings of a transfer are written by one statement: complete, in their places, zero per currency, or refused at
--    once. Nothing can be added later: every place between the first and the last is taken.
--    Rows are found by their keys one after the other, in the order of their ids (OFFSET 0 keeps the planner, which knows no
--    size of a transition table, from reading whole tables), so two posters wait for each other in the same order.
CREATE OR REPLACE FUNCTION ledger_posting_fits() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off AS $$
DECLARE
  wrong record;
  accounts bigint[];
  currencies text[];
  moves bigint[];
  found_accounts bigint;
BEGIN
  SELECT p.transfer_id, t.external_id INTO wrong FROM (
      SELECT transfer_id, count(*) AS legs, min(at) AS first_at, max(at) AS last_at, min(position) AS low,
             max(position) AS high, sum(minor) AS off
      FROM fresh GROUP BY transfer_id
    ) p LEFT JOIN LATERAL (SELECT external_id, legs, at FROM ledger_transfer WHERE id = p.transfer_id OFFSET 0) t ON true
    WHERE t.legs IS NULL OR p.off <> 0 OR p.legs <> t.legs OR p.low <> 0 OR p.high <> t.legs - 1
       OR p.first_at <> t.at OR p.last_at <> t.at LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the postings of transfer % do not fit it', coalesce(wrong.external_id, wrong.transfer_id::text)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_fits';
  END IF;
  SELECT array_agg(account_id), array_agg(currency), array_agg(minor) INTO accounts, currencies, moves
    FROM (SELECT account_id, currency, sum(minor)::bigint AS minor FROM fresh GROUP BY account_id, currency
          ORDER BY account_id) moved;
  SELECT count(*) INTO found_accounts FROM unnest(accounts, currencies) AS moved (id, currency)
    CROSS JOIN LATERAL (SELECT a.currency FROM ledger_account a WHERE a.id = moved.id OFFSET 0) a
    WHERE a.currency = moved.currency;
  IF found_accounts IS DISTINCT FROM cardinality(accounts) THEN
    RAISE EXCEPTION 'a posting names no account of its currency'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_fits';
  END IF;
  IF (SELECT count(DISTINCT currency) > 1 FROM unnest(currencies) AS known (currency)) THEN
    SELECT transfer_id, currency INTO wrong FROM fresh GROUP BY transfer_id, currency HAVING sum(minor) <> 0 LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'transfer % does not sum to zero in %', wrong.transfer_id, wrong.currency
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_fits';
    END IF;
  END IF;
  UPDATE ledger_account a SET balance_minor = a.balance_minor + moved.minor * a.sign
    FROM unnest(accounts, moves) AS moved (id, minor)
    WHERE a.id = moved.id AND a.is_guarded AND moved.minor <> 0;
  RETURN NULL;
END $$;

-- 2. At the commit, no transfer stands without its postings. One note a statement instead of one check a row.
CREATE TABLE ledger_batch (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, first_id bigint NOT NULL, last_id bigint NOT NULL
);
CREATE FUNCTION ledger_transfers_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_batch (first_id, last_id) SELECT min(id), max(id) FROM fresh HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE FUNCTION ledger_transfers_complete() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  lone text;
BEGIN
  SELECT external_id INTO lone FROM ledger_transfer t WHERE id BETWEEN NEW.first_id AND NEW.last_id
     AND NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.transfer_id = t.id AND p.position = 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'transfer % has no postings', lone
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transfers_complete';
  END IF;
  DELETE FROM ledger_batch WHERE id = NEW.id;
  RETURN NULL;
END $$;
DROP TRIGGER ledger_transfer_adds_up ON ledger_transfer;
DROP FUNCTION ledger_transfer_adds_up();
CREATE TRIGGER ledger_transfers_noted AFTER INSERT ON ledger_transfer
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_transfers_noted();
CREATE CONSTRAINT TRIGGER ledger_transfers_complete AFTER INSERT ON ledger_batch
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_transfers_complete();
CREATE TRIGGER ledger_batch_kept BEFORE UPDATE OR DELETE ON ledger_batch
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_append_only();

-- 3. Room on each page for the new balance of an account, so that its indexes need no new entry.
ALTER TABLE ledger_account SET (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_keepers")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
