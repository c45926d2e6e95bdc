from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0019_proof_evidence")]

    operations = [
        migrations.AddField(
            model_name="entitybinding",
            name="entity_name",
            field=models.CharField(blank=True, default="", max_length=160),
            preserve_default=False,
        ),
    ]
