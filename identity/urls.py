"""Addresses of people and companies."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path
from django.views.generic import RedirectView

from identity.views import (
    addresses,
    banking,
    claims,
    companies,
    consents,
    exporting,
    inbox,
    invitations,
    issuers,
    keys,
    language,
    linking,
    mandates,
    members,
    security,
    showing,
    tokens,
)

#: without language or company in the path
urlpatterns: list[URLPattern | URLResolver] = [
    path(".well-known/jwks.json", keys.jwks, name="jwks"),
    path("accounts/issuers/<slug:code>/login/", issuers.issuer_login, name="issuer_login"),
    path("accounts/issuers/<slug:code>/callback/", issuers.issuer_callback, name="issuer_callback"),
    path("accounts/show/<str:key>/", showing.show_who, name="show_who"),
    path("companies/new/", companies.company_new, name="company_new"),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("inbox/", inbox.inbox, name="inbox"),
    re_path(r"^inbox/export\.(?P<form>csv|xlsx)$", inbox.inbox_export, name="inbox_export"),
    path("inbox/bell/", inbox.bell, name="inbox_bell"),
    path("inbox/settings/", inbox.inbox_preferences, name="inbox_preferences"),
    path("inbox/read/", inbox.inbox_read_all, name="inbox_read_all"),
    path("inbox/undo/", inbox.inbox_undo, name="inbox_undo"),
    path("inbox/<str:notice>/", inbox.notice, name="notice"),
    path("inbox/<str:notice>/mark/", inbox.notice_mark, name="notice_mark"),
    path("i18n/setlang/", language.set_language, name="set_language"),
]

#: for everybody, with the language in the path
public_urlpatterns: list[URLPattern | URLResolver] = [
    path("privacy/notices/<str:version>/", consents.consent_notice, name="consent_notice"),
]

#: a person's own account, beside allauth's pages under /<language>/accounts/
account_urlpatterns: list[URLPattern | URLResolver] = [
    path("security/", security.security, name="security"),
    path("identities/", linking.identities, name="identities"),
    path("identities/link/", linking.link_start, name="linking_start"),
    path("identities/link/<str:link>/", linking.identity_link, name="linking"),
    path("identities/link/<str:link>/consent/", linking.link_consent, name="linking_consent"),
    path("identities/link/<str:link>/revoke/", linking.link_revoke, name="linking_revoke"),
    path("identities/<str:identity>/end/", linking.identity_end, name="identities_end"),
    path("data/", consents.my_data, name="my_data"),
    path("data/consents/<str:consent>/withdraw/", consents.consent_withdraw, name="consent_withdraw"),
    path("sessions/<str:session>/end/", security.session_end, name="session_end"),
    #: where allauth leads after every change
    path("2fa/", RedirectView.as_view(pattern_name="security"), name="factors"),
]

#: under /c/<company>/
workspace_urlpatterns: list[URLPattern | URLResolver] = [
    path("company/", companies.company, name="company"),
    path("company/edit/", companies.company_edit, name="company_edit"),
    path("company/claims/", claims.claims, name="claims"),
    re_path(r"^company/claims/export\.(?P<form>csv|xlsx)$", exporting.claims, name="claims_export"),
    path("company/claims/<slug:kind>/", claims.claim_submit, name="claim_submit"),
    path("company/claims/<slug:kind>/withdraw/", claims.claim_withdraw, name="claim_withdraw"),
    path("company/bank/", banking.bank, name="bank"),
    path("company/bank/changes/<str:change>/", banking.bank_change, name="bank_change"),
    path(
        "company/bank/changes/<str:change>/withdraw/",
        banking.bank_change_withdraw,
        name="bank_change_withdraw",
    ),
    path("company/bank/<str:currency>/", banking.bank_set, name="bank_set"),
    path("company/bank/<str:account>/end/", banking.bank_end, name="bank_end"),
    path("members/", members.members, name="members"),
    re_path(r"^members/export\.(?P<form>csv|xlsx)$", exporting.members, name="members_export"),
    path("members/invite/", members.member_invite, name="member_invite"),
    path("members/mandates/", mandates.mandates, name="mandates"),
    re_path(r"^members/mandates/export\.(?P<form>csv|xlsx)$", exporting.mandates, name="mandates_export"),
    path("members/mandates/new/", mandates.mandate_new, name="mandate_new"),
    path("members/mandates/<str:mandate>/revoke/", mandates.mandate_revoke, name="mandate_revoke"),
    path("members/<str:member>/roles/", members.member_roles, name="member_roles"),
    path("members/<str:member>/end/", members.member_end, name="member_end"),
    path("members/invitations/<str:invitation>/revoke/", members.invitation_revoke, name="invitation_revoke"),
    path("addresses/", addresses.addresses, name="addresses"),
    re_path(r"^addresses/export\.(?P<form>csv|xlsx)$", exporting.addresses, name="addresses_export"),
    path("addresses/new/", addresses.address_new, name="address_new"),
    path("addresses/<str:address>/", addresses.address_edit, name="address_edit"),
    path("addresses/<str:address>/remove/", addresses.address_end, name="address_end"),
    path("tokens/", tokens.tokens, name="tokens"),
    re_path(r"^tokens/export\.(?P<form>csv|xlsx)$", exporting.tokens, name="tokens_export"),
    path("tokens/new/", tokens.token_new, name="token_new"),
    path("tokens/<str:token>/revoke/", tokens.token_revoke, name="token_revoke"),
]
