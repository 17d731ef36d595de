"""Room in each page of the offers for another price: a changed row then stays in its page and no index is written."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("offers", "0003_followed_offers")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE offers_offer SET (fillfactor = 70)", "ALTER TABLE offers_offer RESET (fillfactor)"
        )
    ]
