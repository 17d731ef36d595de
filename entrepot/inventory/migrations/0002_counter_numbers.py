"""Counter numbers come from a sequence that fits 31 bits."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE inventory_counter AS bigint MINVALUE 1 MAXVALUE 2147483646",
            "DROP SEQUENCE inventory_counter",
        ),
    ]
