"""Mail of a development copy is read in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_letters_are_listed_and_their_links_can_be_followed(client: Client, settings, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=tmp_path)
    words = "Open http://testserver/invitations/abc/\n\n" + "-" * 20 + "\n<script>alert(1)</script> 邀请函"
    connection.send_messages(
        [
            EmailMessage("First letter", "one", to=["a@b.example"]),
            EmailMessage("邀请：第二封", words, to=["b@c.example"]),
        ]
    )
    page = client.get(reverse("dev_mail"))
    html = page.content.decode()
    assert html.index("邀请：第二封") < html.index("First letter")
    letter = client.get(reverse("dev_letter", args=[page.context["letters"][0].name])).content.decode()
    assert '<a href="http://testserver/invitations/abc/"' in letter
    assert "邀请函" in letter
    assert "<script>alert" not in letter


def test_without_mail_it_says_so(client: Client, settings, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path / "nothing"
    assert client.get(reverse("dev_mail")).status_code == 200
    assert client.get(reverse("dev_letter", args=["no-such-letter"])).status_code == 404
