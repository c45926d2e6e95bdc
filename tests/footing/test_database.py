"""The tests' own ground: two roles, rollbacks, and a database that is copied anew after commits."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection


@pytest.mark.django_db
def test_the_application_signs_in_as_a_role_without_rights_to_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("smehub_app",)
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("CREATE TABLE mine (id int)")


@pytest.mark.django_db
def test_every_change_to_a_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def _a_user_exists() -> bool:
    from identity.models import User

    return User.objects.filter(email="left@behind.example").exists()


def test_what_a_test_commits_is_there_during_it(committed_db):
    from identity.models import User

    User.objects.create(email="left@behind.example")
    connection.close()
    assert _a_user_exists()


def test_and_gone_after_it(committed_db):
    assert not _a_user_exists()


@pytest.mark.django_db
def test_reference_rows_are_there_from_the_start():
    from catalog.models import Category

    assert Category.objects.exists()
