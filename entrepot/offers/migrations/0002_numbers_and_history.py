"""Offer numbers come from a sequence that fits 31 bits; the price history is append-only."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("offers", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE offers_offer_number AS bigint MINVALUE 1 MAXVALUE 2147483646",
            "DROP SEQUENCE offers_offer_number",
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION offers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'the price history is append-only'; END $$;
            CREATE TRIGGER offers_history BEFORE UPDATE OR DELETE ON offers_pricechange
            FOR EACH ROW EXECUTE FUNCTION offers_refuse_change();
            """,
            "DROP TRIGGER offers_history ON offers_pricechange; DROP FUNCTION offers_refuse_change();",
        ),
    ]
