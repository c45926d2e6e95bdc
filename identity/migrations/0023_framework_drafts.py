import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0022_names_and_keys_of_issuers"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrameworkDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=kernel.ids.new_uuid, editable=False, unique=True)),
                ("framework_code", models.SlugField(max_length=40, verbose_name="framework")),
                ("level_code", models.CharField(blank=True, max_length=80, verbose_name="level")),
                ("name_en", models.CharField(max_length=160, verbose_name="English name")),
                ("name_zh", models.CharField(max_length=160, verbose_name="Chinese name")),
                (
                    "jurisdiction",
                    models.CharField(
                        blank=True,
                        choices=[("SG", "Singapore"), ("CN", "Mainland China")],
                        max_length=2,
                        verbose_name="jurisdiction",
                    ),
                ),
                (
                    "regulator_en",
                    models.CharField(blank=True, max_length=160, verbose_name="regulator, English"),
                ),
                (
                    "regulator_zh",
                    models.CharField(blank=True, max_length=160, verbose_name="regulator, Chinese"),
                ),
                ("legal_basis_url", models.URLField(blank=True, max_length=400, verbose_name="legal basis")),
                ("rank", models.PositiveSmallIntegerField(null=True, verbose_name="rank")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("drafted_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("confirmed", models.BooleanField(default=False)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("framework_code", "level_code"),
                        name="framework_drafted_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed", False),
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                            ),
                            models.Q(
                                ("decided_at__gte", models.F("drafted_at")), ("decided_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="framework_draft_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed", False),
                            models.Q(("decided_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="framework_draft_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("jurisdiction__in", ["SG", "CN"]), ("level_code", ""), ("rank__isnull", True)
                            ),
                            models.Q(
                                models.Q(("level_code", ""), _negated=True),
                                ("jurisdiction", ""),
                                ("legal_basis_url", ""),
                                ("rank__gte", 1),
                                ("rank__lte", 4),
                                ("regulator_en", ""),
                            ),
                            _connector="OR",
                        ),
                        name="framework_draft_of_one_or_the_other",
                    ),
                ],
            },
        ),
    ]
