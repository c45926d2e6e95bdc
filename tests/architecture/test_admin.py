"""States are moved by verbs: no admin page can set one."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import RequestFactory

from identity.models import User
from tests.architecture.house import models as our_models

STATE_FIELDS = ("state", "status")


@pytest.fixture
def request_of_superuser(rf: RequestFactory):
    request = rf.get("/operator/")
    request.user = User(pk=1, is_staff=True, is_superuser=True, is_active=True)
    return request


@pytest.mark.parametrize(
    "model", [model for model in our_models() if admin.site.is_registered(model)], ids=lambda m: m.__name__
)
def test_states_are_read_only(request_of_superuser, model):
    page = admin.site._registry[model]
    states = {f.name for f in model._meta.fields if f.name in STATE_FIELDS or f.name.endswith("_state")}
    if not states or not page.has_change_permission(request_of_superuser):
        return
    assert states <= set(page.get_readonly_fields(request_of_superuser))
    assert not states & set(page.list_editable)


@pytest.mark.parametrize(
    "model", [model for model in our_models() if admin.site.is_registered(model)], ids=lambda m: m.__name__
)
def test_nothing_is_deleted(request_of_superuser, model):
    assert not admin.site._registry[model].has_delete_permission(request_of_superuser)
