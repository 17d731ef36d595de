"""The tombstones of erased accounts."""

from django.db import migrations, models

import entrepot.kit.ids


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_web_cache")]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.UUIDField(default=entrepot.kit.ids.new_id, primary_key=True, serialize=False),
                ),
                ("user_id", models.BigIntegerField(unique=True)),
                ("party_id", models.UUIDField(unique=True)),
                ("asked_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
