from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0020_binding_entity_name")]

    operations = [
        migrations.AddField(
            model_name="issuer",
            name="keys_from",
            field=models.DateTimeField(null=True),
        ),
    ]
