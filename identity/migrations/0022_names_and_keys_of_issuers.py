from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0021_say_what_acts_are")]

    operations = [
        migrations.AddField(
            model_name="entitybinding",
            name="entity_name",
            field=models.CharField(blank=True, default="", max_length=160),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="issuer",
            name="keys_from",
            field=models.DateTimeField(null=True),
        ),
    ]
