"""Changing the installation's secret key, as docs/operating.md says: people stay signed in while the old key is still known."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client, override_settings

from tests import factories

pytestmark = pytest.mark.django_db


def test_people_stay_signed_in_while_the_old_key_is_known(client: Client) -> None:
    factories.sign_in(client, factories.alice())
    with override_settings(SECRET_KEY="the next one", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert client.get("/c/tanjong-bolts/").status_code == 200
    with override_settings(SECRET_KEY="the next one", SECRET_KEY_FALLBACKS=[]):
        assert client.get("/c/tanjong-bolts/").status_code == 200, "signed anew when they came by"


def test_without_the_old_key_they_sign_in_again(client: Client) -> None:
    factories.sign_in(client, factories.alice())
    with override_settings(SECRET_KEY="the next one", SECRET_KEY_FALLBACKS=[]):
        assert client.get("/c/tanjong-bolts/").status_code == 302
