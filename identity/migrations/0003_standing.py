from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0002_letter"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="company",
            options={
                "permissions": [("suspend_company", "Can suspend and reinstate companies")],
                "verbose_name_plural": "companies",
            },
        ),
        migrations.AddField(
            model_name="company",
            name="standing_reason",
            field=models.CharField(blank=True, max_length=500),
        ),
    ]
