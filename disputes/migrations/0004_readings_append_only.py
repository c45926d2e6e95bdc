from django.db import migrations

from kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("disputes", "0003_rooms_and_ends")]

    operations = [append_only("disputes_reading")]
