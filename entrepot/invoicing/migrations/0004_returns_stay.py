"""What a filed return says is never changed; only its payment is noted."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION invoicing_return_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.paid_at IS NOT NULL OR to_jsonb(NEW) - 'paid_at' <> to_jsonb(OLD) - 'paid_at' THEN
    RAISE EXCEPTION '% on % is refused: a filed return stays as it is', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoicing_return_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoicing_return_stays BEFORE UPDATE OR DELETE ON invoicing_taxreturn
  FOR EACH ROW EXECUTE FUNCTION invoicing_return_stays();
"""
BACK = """
DROP TRIGGER invoicing_return_stays ON invoicing_taxreturn;
DROP FUNCTION invoicing_return_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0003_tax_returns")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
