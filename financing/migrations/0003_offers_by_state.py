from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("financing", "0002_append_only")]

    operations = [
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["bank", "state", "-id"], name="offer_of_bank_by_state"),
        ),
    ]
