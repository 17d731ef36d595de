"""The declared value of goods is that of all pieces, not of one: what was stored is multiplied out."""

from django.db import migrations

EACH = """
UPDATE logistics_consignment SET goods = (
    SELECT jsonb_agg(item || jsonb_build_object('value_minor', {value}) ORDER BY place)
    FROM jsonb_array_elements(goods) WITH ORDINALITY AS told(item, place))
WHERE jsonb_array_length(goods) > 0
"""
VALUE, PIECES = "(item->>'value_minor')::bigint", "greatest((item->>'quantity')::bigint, 1)"


class Migration(migrations.Migration):
    dependencies = [("logistics", "0022_signatures")]

    operations = [
        migrations.RunSQL(
            EACH.format(value=f"{VALUE} * {PIECES}"), EACH.format(value=f"{VALUE} / {PIECES}")
        )
    ]
