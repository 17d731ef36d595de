"""The database keeps documents as they were issued: no change, no deletion, no gap in a series."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION invoicing_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: what was issued stays as it is', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoicing_unchanged';
END $$;
CREATE TRIGGER invoicing_unchanged BEFORE UPDATE OR DELETE ON invoicing_invoice
  FOR EACH STATEMENT EXECUTE FUNCTION invoicing_unchanged();

-- A document follows the one before it in its series: O(1), by the unique index.
CREATE FUNCTION invoicing_no_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number > 1 AND NOT EXISTS (
      SELECT 1 FROM invoicing_invoice WHERE series_id = NEW.series_id AND number = NEW.number - 1) THEN
    RAISE EXCEPTION 'the series of document % would have a gap', NEW.name
      USING ERRCODE = 'check_violation', CONSTRAINT = 'invoicing_no_gap';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoicing_no_gap BEFORE INSERT ON invoicing_invoice
  FOR EACH ROW EXECUTE FUNCTION invoicing_no_gap();
"""

BACK = """
DROP TRIGGER invoicing_no_gap ON invoicing_invoice;
DROP TRIGGER invoicing_unchanged ON invoicing_invoice;
DROP FUNCTION invoicing_no_gap();
DROP FUNCTION invoicing_unchanged();
"""


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
