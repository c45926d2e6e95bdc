from django.db import migrations

from kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_initial")]

    operations = [append_only("catalog_stockmovement")]
