"""Who may come to know what: every field that can hold words or files, in one of four classes.

public    anybody may read it, once the row itself is public
company   business between the companies concerned, and nobody else
personal  says something about a person: never in events, logs or exports, except by reference
secret    nobody reads it back: digests of secrets, passwords

`tests/architecture` keeps the map complete: a new field without a class fails.
"""

from __future__ import annotations

from enum import StrEnum


class Class(StrEnum):
    PUBLIC = "public"
    COMPANY = "company"
    PERSONAL = "personal"
    SECRET = "secret"


def _fields(*, public: str = "", company: str = "", personal: str = "", secret: str = "") -> dict[str, Class]:
    classes = {
        Class.PUBLIC: public,
        Class.COMPANY: company,
        Class.PERSONAL: personal,
        Class.SECRET: secret,
    }
    return {name: class_ for class_, names in classes.items() for name in names.split()}


FIELD_MAP: dict[str, dict[str, Class]] = {
    # the ground
    "kernel.Delivery": _fields(public="handler lane", company="error"),
    "kernel.Event": _fields(company="name actor payload"),
    "kernel.IdempotencyKey": _fields(company="principal verb key body_hash answer"),
    "kernel.Switch": _fields(public="name note"),
    # people and companies
    "identity.User": _fields(personal="email name language", secret="password"),
    "identity.Company": _fields(
        public="slug legal_name name_en name_zh country registration_kind registration_number profile_en profile_zh "
        "city currency",
        company="time_zone state standing_reason",
    ),
    "identity.Claim": _fields(
        public="kind state source scope names_checked", company="statement evidence evidence_name reason"
    ),
    "identity.BankAccount": _fields(company="currency beneficiary bank_name bic account_number"),
    "identity.BankAccountChange": _fields(
        company="currency beneficiary bank_name bic account_number state reason"
    ),
    "identity.Address": _fields(
        company="label lines_en lines_zh city postal_code country", personal="contact_name phone"
    ),
    "identity.Membership": _fields(company="roles"),
    "identity.Invitation": _fields(company="roles", personal="email", secret="digest"),
    "identity.ApiToken": _fields(company="name hint roles", secret="digest"),
    "identity.Thread": _fields(public="kind", company="matter_id title_en title_zh"),
    "identity.Message": _fields(company="phrases body"),
    "identity.MessageFile": _fields(company="file name"),
    "identity.Notice": _fields(public="code mail", company="params path"),
    "identity.NoticePreference": _fields(personal="group mail"),
    "identity.Enquiry": _fields(public="topic", personal="name email words language"),
    "identity.Letter": _fields(company="key name"),
    # lists are published; who may be on one is the office's business, and no company's
    "identity.ListSource": _fields(public="code kind name_en name_zh publisher_url"),
    "identity.ScreeningThreshold": _fields(public="source"),
    "identity.ScreeningRule": _fields(public="standing kind act source_en source_zh"),
    "identity.ListSnapshot": _fields(
        public="digest state columns refusal refusal_facts", company="file file_name"
    ),
    "identity.ListEntry": _fields(public="ref kind names programme facts digest keys"),
    "identity.Candidate": _fields(personal="ref why seen state reason ended_for"),
    # identities of elsewhere: what is recognised is public, who showed what is not
    "identity.TrustFramework": _fields(
        public="code name_en name_zh jurisdiction regulator_en regulator_zh legal_basis_url state"
    ),
    "identity.AssuranceLevel": _fields(public="code name_en name_zh"),
    "identity.FrameworkDraft": _fields(
        public="framework_code level_code name_en name_zh jurisdiction regulator_en regulator_zh legal_basis_url",
        company="reason",
    ),
    "identity.Issuer": _fields(
        public="code name_en name_zh iss discovery_url profile scope acr_values claim_map level_map id_token_algs "
        "id_token_enc subject_kind assertion_key state",
        company="client_id suspended_reason",
    ),
    "identity.Suspension": _fields(company="reason lifted_reason"),
    "identity.RecognitionPolicy": _fields(public="relying_jurisdiction purpose legal_note"),
    "identity.PolicyDecision": _fields(public="kind", company="reason"),
    "identity.PurposeRequirement": _fields(public="purpose source_en source_zh"),
    "identity.Enforcement": _fields(public="purpose", company="reason"),
    "identity.ExternalIdentity": _fields(
        personal="level_code amr name_shown ended_reason", secret="subject_hash assertion_digest"
    ),
    "identity.EntityBinding": _fields(
        company="scheme identifier entity_name entity_status roles", secret="evidence_digest"
    ),
    "identity.Mandate": _fields(company="act currency"),
    "identity.Consent": _fields(
        personal="purpose data_categories from_jurisdiction to_jurisdiction legal_basis notice_version"
    ),
    "identity.IdentityLink": _fields(personal="kind state reason revoked_reason", secret="session"),
    "identity.Proof": _fields(secret="session evidence_digest"),
    "identity.ReturnedLogin": _fields(secret="digest"),
    "identity.SigningKey": _fields(public="kid use public_part", secret="sealed"),
    # rules with dates
    "tariffs.ExchangeRate": _fields(public="base quote source"),
    "tariffs.TaxRate": _fields(public="country code category source"),
    # what is for sale
    "catalog.Category": _fields(public="code name_en name_zh unspsc_prefix"),
    "catalog.CategoryAttribute": _fields(public="code label_en label_zh kind unit choices"),
    "catalog.Product": _fields(
        public="sku name_en name_zh description_en description_zh unspsc hs6 hs_sg8 hs_cn10 brand mpn gtin unit origin "
        "cas un_number ghs standards hsa_class attributes",
        company="state status_en status_zh",
    ),
    "catalog.Pack": _fields(public="code"),
    "catalog.Tier": _fields(public="currency"),
    "catalog.Image": _fields(public="file thumbnail digest"),
    "catalog.DataSheet": _fields(public="kind title language file"),
    "catalog.ShelfRow": _fields(public="name_en name_zh tokens unit origin priced_in thumbnail standards"),
    "catalog.StockMovement": _fields(company="kind actor note"),
    "catalog.SavedSearch": _fields(company="name query"),
    "catalog.ImportJob": _fields(company="file file_name digest state encoding refusal refusal_facts actor"),
    "catalog.ImportPart": _fields(company="rows"),
    "catalog.ImportProblem": _fields(company="column code facts value"),
    # deals
    "orders.Cart": _fields(company="currency"),
    "orders.CartLine": _fields(company="seen_currency"),
    "orders.SpendingLimit": _fields(company="currency"),
    "orders.Approval": _fields(
        company="state wanted lines currency limit_currency conversion reason",
    ),
    "orders.Order": _fields(
        company="reference state currency incoterm incoterm_place po_number payment_terms note buyer_party seller_party "
        "bank_instructions close_reason",
        personal="bill_to ship_to",
    ),
    "orders.OrderLine": _fields(
        company="sku name_en name_zh hs6 hs_sg8 hs_cn10 origin unit packs conversion"
    ),
    "orders.OrderTax": _fields(company="code category source"),
    "orders.Despatch": _fields(company="carrier tracking_number"),
    "orders.Receipt": _fields(company="note"),
    "orders.Payment": _fields(company="currency"),
    "orders.TradeFigures": _fields(company="figures"),
    # papers
    "documents.NumberSeries": _fields(company="kind"),
    "documents.Paper": _fields(company="kind"),
    "documents.PaperVersion": _fields(company="reason actor", personal="data"),
    "documents.Rendition": _fields(company="language digest", personal="file"),
    # money against invoices: the seller's and the bank's business, not the buyer's
    "financing.Bank": _fields(company="code capabilities"),
    "financing.BankMessage": _fields(company="message_id digest"),
    "financing.FileFigures": _fields(company="figures"),
    "financing.OfferRequest": _fields(company="reason evidence evidence_jws digest outcomes"),
    "financing.Offer": _fields(
        company="state quote_ref facility_ref currency recourse other_currency other_rate_source verdict payee "
        "close_code awaiting refusal"
    ),
    "financing.RegistryEntry": _fields(company="key_id", secret="exact number parties"),
    # cases: what the zones let through; `disputes.rules.zones` narrows "company" further
    "disputes.CalendarNotice": _fields(public="country source"),
    "disputes.CalendarDay": _fields(public="name"),
    "disputes.RuleSet": _fields(public="name source rules"),
    "disputes.Official": _fields(company="kind", public="about_en about_zh", personal="name_en name_zh"),
    "disputes.Appointment": _fields(company="state search accepted_by disclosure reason"),
    "disputes.Case": _fields(
        company="number state kind currency remedy rules evidence_digest longer_asked_by failed_by",
        personal="statement answer evidence",
    ),
    "disputes.Deadline": _fields(company="code rule calendar"),
    "disputes.Message": _fields(company="zone phrases", personal="body"),
    "disputes.ReadMark": _fields(company="zone"),
    "disputes.Reading": _fields(company="zones"),
    "disputes.CaseFile": _fields(company="zone digest", personal="file name"),
    "disputes.Session": _fields(company="zone mode place"),
    "disputes.Consent": _fields(company="side text_version text_hash"),
    "disputes.Terms": _fields(company="state governing_language text_hash"),
    "disputes.Clause": _fields(company="text_en text_zh"),
    "disputes.Instalment": _fields(company="payer currency"),
    "disputes.Signature": _fields(company="side text_hash", personal="name"),
    "disputes.Filing": _fields(
        company="state manifest manifest_digest reference award_number arbitrator returned_for held_for",
        personal="packet",
    ),
}
