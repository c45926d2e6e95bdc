from django.db import migrations


class Migration(migrations.Migration):
    """What the planner knows of the shelf's tokens, and room on its pages for changes in place."""

    dependencies = [("catalog", "0003_append_only")]

    operations = [
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
        )
    ]
