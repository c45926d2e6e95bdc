import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0013_consent_of_identity"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="proof",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.proof"
            ),
        ),
        migrations.CreateModel(
            name="Enforcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("browse", "Look around"),
                            ("quote", "Ask for a price, or answer"),
                            ("order", "Place or accept an order"),
                            ("issue_document", "Issue a paper"),
                            ("accept_finance", "Accept an offer of finance"),
                            ("sign_settlement", "Sign a settlement"),
                            ("change_bank_account", "Change where money is paid"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked", models.BooleanField()),
                ("from_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["purpose", "-id"], name="enforcement_of_purpose")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                [
                                    "browse",
                                    "quote",
                                    "order",
                                    "issue_document",
                                    "accept_finance",
                                    "sign_settlement",
                                    "change_bank_account",
                                ],
                            )
                        ),
                        name="enforcement_purpose_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="enforcement_for_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_at__gte", models.F("at"))),
                        name="enforcement_never_backwards",
                    ),
                ],
            },
        ),
        append_only("identity_enforcement"),
    ]
