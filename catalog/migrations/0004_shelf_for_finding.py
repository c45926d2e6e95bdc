import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The shelf, in one step: the order of its columns is what counting facets costs (see the model)."""

    dependencies = [("catalog", "0003_append_only"), ("identity", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ShelfRow",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="shelf_row",
                        serialize=False,
                        to="catalog.product",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.company"
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.category"
                    ),
                ),
                ("published_at", models.DateTimeField()),
                ("band_sgd", models.SmallIntegerField()),
                ("band_cny", models.SmallIntegerField()),
                ("band_usd", models.SmallIntegerField()),
                ("band_moq", models.SmallIntegerField()),
                ("lead_time_days", models.PositiveSmallIntegerField()),
                ("in_stock", models.BooleanField()),
                ("origin", models.CharField(max_length=2)),
                ("tokens", django.contrib.postgres.search.SearchVectorField()),
                ("moq", models.DecimalField(decimal_places=6, max_digits=18)),
                ("from_sgd", models.DecimalField(decimal_places=6, max_digits=19, null=True)),
                ("from_cny", models.DecimalField(decimal_places=6, max_digits=19, null=True)),
                ("from_usd", models.DecimalField(decimal_places=6, max_digits=19, null=True)),
                ("to_sgd", models.DecimalField(decimal_places=6, max_digits=19, null=True)),
                ("to_cny", models.DecimalField(decimal_places=6, max_digits=19, null=True)),
                ("to_usd", models.DecimalField(decimal_places=6, max_digits=19, null=True)),
                (
                    "priced_in",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3), size=None
                    ),
                ),
                ("product_uid", models.UUIDField()),
                ("name_en", models.CharField(max_length=160)),
                ("name_zh", models.CharField(max_length=160)),
                ("unit", models.CharField(max_length=3)),
                ("thumbnail", models.CharField(blank=True, max_length=120)),
                ("standards", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["tokens"], name="shelf_tokens"),
                    models.Index(fields=["-published_at", "-product"], name="shelf_newest"),
                    models.Index(fields=["from_sgd", "product"], name="shelf_price_sgd"),
                    models.Index(fields=["from_cny", "product"], name="shelf_price_cny"),
                    models.Index(fields=["from_usd", "product"], name="shelf_price_usd"),
                    models.Index(fields=["category", "-published_at", "-product"], name="shelf_of_category"),
                    models.Index(fields=["company", "-published_at", "-product"], name="shelf_of_seller"),
                ],
            },
        ),
        migrations.RunSQL(
            sql=[
                # 500 × 10 most common tokens are counted: a rare word is then told from a broad one
                "ALTER TABLE catalog_shelfrow ALTER COLUMN tokens SET STATISTICS 500",
                # stock going in and out changes the row without touching its indexes
                "ALTER TABLE catalog_shelfrow SET (fillfactor = 85)",
            ],
            reverse_sql=[
                "ALTER TABLE catalog_shelfrow ALTER COLUMN tokens SET STATISTICS -1",
                "ALTER TABLE catalog_shelfrow RESET (fillfactor)",
            ],
        ),
    ]
