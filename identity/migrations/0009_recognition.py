import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.ids
from kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0008_notice_waiting_for"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssuranceLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=80)),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rank")),
                ("name_en", models.CharField(max_length=160, verbose_name="English name")),
                ("name_zh", models.CharField(max_length=160, verbose_name="Chinese name")),
            ],
        ),
        migrations.CreateModel(
            name="Issuer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=kernel.ids.new_uuid, editable=False, unique=True)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name_en", models.CharField(max_length=160, verbose_name="English name")),
                ("name_zh", models.CharField(max_length=160, verbose_name="Chinese name")),
                ("iss", models.URLField(max_length=400, unique=True)),
                ("discovery_url", models.URLField(max_length=400)),
                ("client_id", models.CharField(max_length=120)),
                (
                    "profile",
                    models.CharField(
                        choices=[
                            ("singpass_fapi", "Singpass FAPI 2.0"),
                            ("corppass_fapi", "Corppass FAPI 2.0"),
                            ("corppass_v2", "Corppass v2"),
                            ("singpass_v2", "Singpass v2"),
                            ("cn_oidc", "OpenID Connect (CN)"),
                        ],
                        max_length=16,
                    ),
                ),
                ("scope", models.CharField(max_length=400)),
                ("acr_values", models.CharField(blank=True, max_length=400)),
                ("claim_map", models.JSONField(blank=True, default=dict)),
                ("level_map", models.JSONField(blank=True, default=dict)),
                ("id_token_algs", models.JSONField(default=list)),
                ("id_token_enc", models.JSONField(blank=True, default=list)),
                (
                    "subject_kind",
                    models.CharField(
                        choices=[("person", "A person"), ("entity", "A company and who acts for it")],
                        max_length=8,
                    ),
                ),
                ("assertion_key", models.CharField(blank=True, max_length=128)),
                ("simulated", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("suspended", "Suspended")],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("suspended_at", models.DateTimeField(null=True)),
                ("suspended_reason", models.CharField(blank=True, max_length=500)),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "permissions": [
                    ("govern_recognition", "Can draft, approve and end recognition, and suspend issuers")
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=kernel.ids.new_uuid, editable=False, unique=True)),
                ("purpose", models.CharField(max_length=40)),
                (
                    "data_categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                (
                    "from_jurisdiction",
                    models.CharField(choices=[("SG", "Singapore"), ("CN", "Mainland China")], max_length=2),
                ),
                (
                    "to_jurisdiction",
                    models.CharField(choices=[("SG", "Singapore"), ("CN", "Mainland China")], max_length=2),
                ),
                ("legal_basis", models.CharField(max_length=200)),
                ("notice_version", models.CharField(max_length=20)),
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExternalIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=kernel.ids.new_uuid, editable=False, unique=True)),
                ("subject_hash", models.CharField(max_length=64)),
                ("level_code", models.CharField(max_length=80)),
                ("auth_time", models.DateTimeField()),
                ("amr", models.JSONField(blank=True, default=list)),
                ("assertion_digest", models.CharField(max_length=64)),
                ("name_shown", models.CharField(blank=True, max_length=160, verbose_name="name")),
                ("first_proved_at", models.DateTimeField()),
                ("last_proved_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="external_identities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.issuer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EntityBinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=kernel.ids.new_uuid, editable=False, unique=True)),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("uen", "UEN (Singapore)"),
                            ("uscc", "Unified Social Credit Code (China)"),
                            ("other", "Another register (not checked here)"),
                        ],
                        max_length=8,
                    ),
                ),
                ("identifier", models.CharField(max_length=40)),
                (
                    "entity_status",
                    models.CharField(
                        choices=[
                            ("registered", "Registered"),
                            ("deregistered", "Deregistered"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list, size=None
                    ),
                ),
                ("proved_at", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("evidence_digest", models.CharField(max_length=64)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entity_bindings",
                        to="identity.company",
                    ),
                ),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bindings",
                        to="identity.externalidentity",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IdentityLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=kernel.ids.new_uuid, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("same_person", "The same person"),
                            ("representative", "Authorised representative, or a company of the same group"),
                        ],
                        default="same_person",
                        max_length=14,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("a_proved", "First identity shown"),
                            ("b_proved", "Both identities shown"),
                            ("matched", "Waiting for officers"),
                            ("active", "Linked"),
                            ("rejected", "Not accepted"),
                            ("revoked", "Taken back"),
                            ("expired", "Lapsed"),
                        ],
                        default="started",
                        max_length=10,
                    ),
                ),
                ("ceremony_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("session", models.CharField(max_length=64)),
                ("started_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "consent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.consent",
                    ),
                ),
                (
                    "decided_by_1",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by_2",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.externalidentity",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.externalidentity",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first_issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.issuer"
                    ),
                ),
                (
                    "second_issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.issuer"
                    ),
                ),
            ],
            options={
                "permissions": [("decide_link", "Can decide whether two identities are linked")],
            },
        ),
        migrations.CreateModel(
            name="LinkedSide",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("open", models.BooleanField(default=True)),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.externalidentity",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sides",
                        to="identity.identitylink",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=kernel.ids.new_uuid, editable=False, unique=True)),
                (
                    "act",
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
                ("ceiling", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to="identity.company",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.issuer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("session", models.CharField(max_length=64)),
                ("auth_time", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.externalidentity",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.assurancelevel",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PurposeRequirement",
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
                ("rank", models.PositiveSmallIntegerField()),
                ("max_age_seconds", models.PositiveIntegerField(null=True)),
                ("two_persons", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("source", models.CharField(max_length=300)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("purpose", "valid_from"), name="requirement_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("rank__gte", 0), ("rank__lte", 4)),
                        name="requirement_rank_on_the_scale",
                    ),
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
                        name="requirement_purpose_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecognitionPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=kernel.ids.new_uuid, editable=False, unique=True)),
                ("recognised_rank", models.PositiveSmallIntegerField()),
                (
                    "relying_jurisdiction",
                    models.CharField(choices=[("SG", "Singapore"), ("CN", "Mainland China")], max_length=2),
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
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("legal_note", models.CharField(max_length=500)),
                ("drafted_at", models.DateTimeField()),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policies",
                        to="identity.issuer",
                    ),
                ),
                (
                    "min_level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.assurancelevel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PolicyDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("approve", "Approved"), ("end", "Ended")], max_length=8)),
                ("at", models.DateTimeField()),
                ("effective_on", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="identity.recognitionpolicy",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=kernel.ids.new_uuid, editable=False, unique=True)),
                ("since", models.DateTimeField()),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("until", models.DateTimeField(null=True)),
                ("lifted_reason", models.CharField(blank=True, max_length=500)),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="identity.issuer",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "suspended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TrustFramework",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=kernel.ids.new_uuid, editable=False, unique=True)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name_en", models.CharField(max_length=160, verbose_name="English name")),
                ("name_zh", models.CharField(max_length=160, verbose_name="Chinese name")),
                (
                    "jurisdiction",
                    models.CharField(
                        choices=[("SG", "Singapore"), ("CN", "Mainland China")],
                        max_length=2,
                        verbose_name="jurisdiction",
                    ),
                ),
                ("regulator_en", models.CharField(max_length=160, verbose_name="regulator, English")),
                ("regulator_zh", models.CharField(max_length=160, verbose_name="regulator, Chinese")),
                ("legal_basis_url", models.URLField(blank=True, max_length=400, verbose_name="legal basis")),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("suspended", "Suspended")],
                        default="active",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("jurisdiction__in", ["SG", "CN"])),
                        name="framework_jurisdiction_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "suspended"])),
                        name="framework_state_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="issuer",
            name="framework",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="issuers",
                to="identity.trustframework",
            ),
        ),
        migrations.AddField(
            model_name="assurancelevel",
            name="framework",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="levels",
                to="identity.trustframework",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("data_categories__len__gte", 1)), name="consent_names_data"
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True),
                    ("withdrawn_at__gte", models.F("given_at")),
                    _connector="OR",
                ),
                name="consent_withdrawn_afterwards",
            ),
        ),
        migrations.AddIndex(
            model_name="entitybinding",
            index=models.Index(fields=["identity"], name="binding_of_identity"),
        ),
        migrations.AddConstraint(
            model_name="entitybinding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("company", "identity"),
                name="binding_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="entitybinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("scheme__in", ["uen", "uscc"])), name="binding_by_a_register"
            ),
        ),
        migrations.AddConstraint(
            model_name="entitybinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("entity_status__in", ["registered", "deregistered", "withdrawn"])),
                name="binding_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="entitybinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence_digest__regex", "^[0-9a-f]{64}$")),
                name="binding_evidence_hashed",
            ),
        ),
        migrations.AddIndex(
            model_name="identitylink",
            index=models.Index(fields=["user", "state"], name="link_of_user"),
        ),
        migrations.AddConstraint(
            model_name="identitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "started",
                            "a_proved",
                            "b_proved",
                            "matched",
                            "active",
                            "rejected",
                            "revoked",
                            "expired",
                        ],
                    )
                ),
                name="link_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "a_proved"), _negated=True),
                    ("first__isnull", False),
                    ("second__isnull", False),
                    _connector="OR",
                ),
                name="link_one_shown",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("b_proved", "matched", "active")), _negated=True),
                    models.Q(("first__isnull", False), ("second__isnull", False)),
                    _connector="OR",
                ),
                name="link_both_shown",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["matched", "active"]), _negated=True),
                    ("consent__isnull", False),
                    _connector="OR",
                ),
                name="link_with_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(("first", models.F("second")), _negated=True),
                name="link_of_two_identities",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_issuer", models.F("second_issuer")), _negated=True),
                name="link_of_two_issuers",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by_1", models.F("decided_by_2")), _negated=True),
                name="link_decided_by_two_officers",
            ),
        ),
        migrations.AddConstraint(
            model_name="identitylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "revoked"), _negated=True),
                    ("revoked_at__isnull", False),
                    _connector="OR",
                ),
                name="link_revoked_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="externalidentity",
            index=models.Index(fields=["user"], name="external_identity_of_user"),
        ),
        migrations.AddConstraint(
            model_name="externalidentity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("issuer", "subject_hash"),
                name="external_identity_of_one_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalidentity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("assertion_digest__regex", "^[0-9a-f]{64}$"), ("subject_hash__regex", "^[0-9a-f]{64}$")
                ),
                name="external_identity_hashed",
            ),
        ),
        migrations.AddConstraint(
            model_name="linkedside",
            constraint=models.UniqueConstraint(
                condition=models.Q(("open", True)), fields=("identity",), name="identity_in_one_link"
            ),
        ),
        migrations.AddConstraint(
            model_name="linkedside",
            constraint=models.UniqueConstraint(fields=("link", "identity"), name="identity_once_in_a_link"),
        ),
        migrations.AddIndex(
            model_name="mandate",
            index=models.Index(fields=["company", "holder", "act"], name="mandate_of_holder"),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ceiling__isnull", True), ("currency", "")),
                    models.Q(("ceiling__gte", 0), models.Q(("currency", ""), _negated=True)),
                    _connector="OR",
                ),
                name="mandate_ceiling_with_currency",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="mandate_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "act__in",
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
                name="mandate_act_known",
            ),
        ),
        migrations.AddIndex(
            model_name="proof",
            index=models.Index(fields=["session", "user"], name="proof_of_session"),
        ),
        migrations.AddIndex(
            model_name="recognitionpolicy",
            index=models.Index(
                fields=["purpose", "relying_jurisdiction", "issuer"], name="policy_for_purpose"
            ),
        ),
        migrations.AddConstraint(
            model_name="recognitionpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("recognised_rank__gte", 1), ("recognised_rank__lte", 4)),
                name="policy_rank_on_the_scale",
            ),
        ),
        migrations.AddConstraint(
            model_name="recognitionpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="policy_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="recognitionpolicy",
            constraint=models.CheckConstraint(
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
                name="policy_purpose_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="recognitionpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("relying_jurisdiction__in", ["SG", "CN"])),
                name="policy_jurisdiction_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="policydecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "approve")),
                fields=("policy", "officer"),
                name="policy_approved_once_by_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="policydecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "approve"),
                    models.Q(("kind", "end"), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="policy_ended_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)), fields=("issuer",), name="suspension_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_by__isnull", True), ("until__isnull", True)),
                    models.Q(("lifted_by__isnull", False), ("until__gte", models.F("since"))),
                    _connector="OR",
                ),
                name="suspension_lifted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "active"), ("suspended_at__isnull", True), ("suspended_reason", "")),
                    models.Q(
                        ("state", "suspended"),
                        ("suspended_at__isnull", False),
                        models.Q(("suspended_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="issuer_suspended_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "profile__in",
                        ["singpass_fapi", "corppass_fapi", "corppass_v2", "singpass_v2", "cn_oidc"],
                    )
                ),
                name="issuer_profile_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuer",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject_kind__in", ["person", "entity"])),
                name="issuer_subject_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="assurancelevel",
            constraint=models.UniqueConstraint(fields=("framework", "code"), name="level_once_per_framework"),
        ),
        migrations.AddConstraint(
            model_name="assurancelevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank__gte", 1), ("rank__lte", 4)), name="level_rank_on_the_scale"
            ),
        ),
        append_only("identity_recognitionpolicy"),
        append_only("identity_policydecision"),
    ]
