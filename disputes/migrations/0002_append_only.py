from django.db import migrations

from kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("disputes", "0001_initial")]

    operations = [
        append_only("disputes_deadline"),
        append_only("disputes_consent"),
        append_only("disputes_signature"),
    ]
