from django.db import migrations, models


class Migration(migrations.Migration):
    """A file that was refused as a whole may be sent again."""

    dependencies = [("catalog", "0004_shelf_for_finding")]

    operations = [
        migrations.RemoveConstraint(model_name="importjob", name="import_file_once_per_mode"),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused"), _negated=True),
                fields=("company", "digest", "dry_run"),
                name="import_file_once_per_mode",
            ),
        ),
    ]
