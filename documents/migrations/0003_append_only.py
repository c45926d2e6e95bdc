from django.db import migrations

from kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_initial")]

    operations = [append_only("documents_paperversion")]
