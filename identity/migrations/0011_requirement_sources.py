from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0010_own_keys")]

    operations = [
        migrations.RenameField("purposerequirement", "source", "source_en"),
        migrations.AlterField(
            "purposerequirement",
            "source_en",
            models.CharField(max_length=300, verbose_name="source, English"),
        ),
        migrations.AddField(
            "purposerequirement",
            "source_zh",
            models.CharField(default="", max_length=300, verbose_name="source, Chinese"),
            preserve_default=False,
        ),
    ]
