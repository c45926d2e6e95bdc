"""Addresses. Public pages carry the language in the path; a company's workspace carries the company."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext_lazy

from catalog import urls as catalog
from disputes import urls as disputes
from disputes.admin import site as mediation
from documents import urls as documents
from financing import urls as financing
from identity import urls as identity
from orders import urls as orders
from sme_hub.pages import (
    deal,
    demo,
    desk,
    dev_mail,
    finding,
    health,
    home,
    media,
    operator,
    own_data,
    programme,
    storefront,
    style_guide,
    talk,
    trust,
    workspace,
)
from sme_hub.pages import help as helping

#: officers sign in where everybody does: confirmed address, limited attempts
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.index = operator.index  # type: ignore[method-assign,assignment]
#: keys of sessions and second factors, proofs of addresses: a person's own, read and set by nobody at the desk; no groups
admin.site.unregister([EmailAddress, Authenticator, UserSession, Group])
admin.site.index_title = gettext_lazy("What waits, and every record")
#: a list needs the width more than a second menu
admin.site.enable_nav_sidebar = False

#: under /c/<company>/: every view is decorated with `identity.acting.for_company`
workspace_urlpatterns: list[URLPattern | URLResolver] = [
    path("", workspace.workspace, name="workspace"),
    *disputes.workspace_urlpatterns,
    path("find/", finding.find, name="find"),
    *documents.workspace_urlpatterns,
    *financing.workspace_urlpatterns,
    *identity.workspace_urlpatterns,
    *orders.workspace_urlpatterns,
    path("orders/<str:order>/", deal.order, name="order"),
    path("orders/<str:order>/print/", deal.order_print, name="order_print"),
    path("talk/", talk.talk, name="talk"),
    re_path(r"^talk/export\.(?P<form>csv|xlsx)$", talk.talk_export, name="talk_export"),
    path("talk/about/<str:matter>/", talk.talk_ask, name="talk_ask"),
    path("talk/<str:thread>/", talk.thread, name="thread"),
    path("talk/<str:thread>/news/", talk.thread_news, name="thread_news"),
    *catalog.workspace_urlpatterns,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("operator/", admin.site.urls),
    path("mediation/", mediation.urls),
    path("desk/", desk.desk, name="desk"),
    path("programme/", programme.programme, name="programme"),
    path("ask/<str:matter>/", talk.ask, name="ask"),
    path("api/v1/", include("sme_hub.api_urls")),
    path("c/<slug:company>/", include(workspace_urlpatterns)),
    path("media/<path:name>", media.media, name="media"),
    path("demo/enter/", demo.enter, name="demo_enter"),
    *financing.urlpatterns,
    *identity.urlpatterns,
]
urlpatterns += i18n_patterns(
    path("", home.home, name="home"),
    path("demo/", demo.people, name="demo"),
    path("demo/try-it/", demo.try_it, name="try_it"),
    path("help/", helping.help_index, name="help"),
    path("help/glossary/", helping.help_glossary, name="help_glossary"),
    path("help/<slug:guide>/", helping.help_guide, name="help_guide"),
    path("sellers/<slug:seller>/", storefront.storefront, name="storefront"),
    path("terms/", trust.terms, name="terms"),
    path("privacy/", trust.privacy, name="privacy"),
    path("contact/", trust.contact, name="contact"),
    path("simulated/", trust.simulated, name="simulated"),
    path("trust/recognition/", trust.recognition, name="recognition"),
    path("accounts/data/file/", own_data.my_data_file, name="my_data_file"),
    path("accounts/", include(identity.account_urlpatterns)),
    path("accounts/", include("allauth.urls")),
    *catalog.public_urlpatterns,
    *identity.public_urlpatterns,
    *orders.public_urlpatterns,
)
if settings.DEV_MAIL:
    urlpatterns += [
        path("dev/mail/", dev_mail.letters, name="dev_mail"),
        path("dev/mail/<slug:name>/", dev_mail.letter, name="dev_letter"),
    ]
if settings.DEBUG:
    urlpatterns += i18n_patterns(path("style-guide/", style_guide.style_guide, name="style_guide"))

handler500 = "sme_hub.pages.failure.failure"
