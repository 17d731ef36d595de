"""Purchase numbers for people: one sequence, so that a number is never given twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_purchase_number AS bigint START WITH 1001",
            "DROP SEQUENCE orders_purchase_number",
        )
    ]
