"""The door a checkout began at: fees may differ by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_letters")]

    operations = [
        migrations.AddField(
            model_name="purchase",
            name="channel",
            field=models.CharField(default="web", max_length=8),
        ),
        migrations.AddConstraint(
            model_name="purchase",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ("web", "api"))), name="orders_purchase_channel"
            ),
        ),
    ]
