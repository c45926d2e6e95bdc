from django.db import migrations, models

#: orders confirmed before the day was kept: counted as `orders.rules.payment_due_on` counts it
COUNT = """
UPDATE orders_order AS confirmed
SET payment_due_on = (confirmed.confirmed_at AT TIME ZONE seller.time_zone)::date
    + CASE confirmed.payment_terms WHEN 'net_14' THEN 14 WHEN 'net_30' THEN 30 ELSE 60 END
FROM identity_company AS seller
WHERE seller.id = confirmed.seller_id AND confirmed.confirmed_at IS NOT NULL
    AND confirmed.payment_terms IN ('net_14', 'net_30', 'net_60')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="payment_due_on",
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
