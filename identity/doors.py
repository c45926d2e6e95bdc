"""Signing up costs as much for an address that somebody has as for one that nobody has: how long it takes tells nothing.

What takes long is a password's hash and a commit: there is one of each either way, and one letter.
"""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from identity.models import User
from identity.services.noting import note_sign_up


class SignUpForm(SignupForm):
    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            note_sign_up(email=self.cleaned_data["email"], made=False, now=timezone.now())
        return super().try_save(request)

    def save(self, request: HttpRequest) -> User:
        with transaction.atomic():
            user: User = super().save(request)
            note_sign_up(email=user.email, made=True, now=timezone.now())
        return user
