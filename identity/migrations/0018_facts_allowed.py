"""Texts of publishers that may hold numbers of identity papers are kept no longer."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0017_holds")]

    operations = [
        migrations.RunSQL(
            "UPDATE identity_listentry SET facts = facts - 'remarks' - 'comments' WHERE facts ?| array['remarks', 'comments']",
            migrations.RunSQL.noop,
        )
    ]
