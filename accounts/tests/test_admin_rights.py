"""Permissions in the admin: every role against every kind of account, by requests that no page offers."""

from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from testing.bot_api import DEADLINE
from testing.html_forms import OpenPage
from testing.threads import beside, wait_until_blocked

pytestmark = pytest.mark.django_db
USERS, GROUPS = "/admin/accounts/user/", "/admin/auth/group/"
ROLES = ["superuser", "manager", "viewer", "packer", "customer"]
TARGETS = ["customer_2", "packer", "superuser_2", "oneself"]
CONTACT = {"first_name", "last_name", "phone", "language_code"}
# Every field that an attacker would want to write, in one request; a page ignores unknown fields.
FORGED: dict[str, Any] = {
    "first_name": "Changed",
    "last_name": "Changed",
    "phone": "+7 912 345-67-89",
    "language_code": "en-GB",
    "email": "thief@example.org",
    "is_active": None,
    "username": "changed",
    "telegram_id": "666",
    "is_staff": "on",
    "is_superuser": "on",
    "groups": "1",
    "user_permissions": "1",
    "password": "md5$salt$hash",
    "password1": "Thief-password-1",
    "password2": "Thief-password-1",
}


@pytest.fixture
def people() -> dict[str, User]:
    """Create one account of each role, and a second one of some."""
    manager, viewer = (User.objects.create_user(name, password="old", is_staff=True) for name in ("manager", "viewer"))
    # All permissions: none of them may lead to a superuser's rights.
    manager.user_permissions.set(Permission.objects.all())
    viewer.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    Group.objects.create(pk=1, name="Bosses").permissions.set(Permission.objects.all())
    return {
        "superuser": User.objects.create_superuser("superuser", password="old", telegram_id=11),
        "superuser_2": User.objects.create_superuser("superuser_2", password="old", telegram_id=12),
        "manager": manager,
        "viewer": viewer,
        "packer": User.objects.create_user("packer", password="old", is_staff=True, telegram_id=13),
        "customer": User.objects.create_user("tg:21", telegram_id=21),
        "customer_2": User.objects.create_user("somebody", telegram_id=22),
    }


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def snapshot() -> dict[tuple[Any, str], Any]:
    """Read all fields of all users and groups."""
    people: dict[tuple[Any, str], Any] = {
        (user.pk, name): value
        for user in User.objects.all()
        for name, value in {
            **{name: value for name, value in vars(user).items() if name not in {"_state", "last_login"}},
            "groups": set(user.groups.values_list("pk", flat=True)),
            "user_permissions": set(user.user_permissions.values_list("pk", flat=True)),
        }.items()
    }
    groups = {
        ("group", str(group.pk)): (group.name, set(group.permissions.values_list("pk", flat=True)))
        for group in Group.objects.all()
    }
    return people | groups


def changed_by(client: Client, target: User, forged: dict[str, Any]) -> set[str]:
    """Save a user's page with forged fields, whether or not it has them; return the names of the changed fields."""
    before = snapshot()
    page = OpenPage(client, f"{USERS}{target.pk}/change/")
    # The initial values that a page with these fields would send.
    shown = {f"initial-{name}": str(value) for name in forged if (value := getattr(target, name, None)) is not None}
    missing = {name: value for name, value in shown.items() if name not in page.fields and "None" not in value}
    page.save(**missing, **forged)
    after = snapshot()
    changed = [key for key in before if after[key] != before[key]]
    assert {whose for whose, _name in changed} <= {target.pk}
    return {name for _whose, name in changed}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("role", ROLES)
def test_fields_that_each_role_can_change_on_a_user_page(people: dict[str, User], role: str, target: str) -> None:
    person = people[role]
    victim = person if target == "oneself" else people[target]
    if role == "superuser":
        there = {"is_staff"} if victim.is_staff else set()
        there |= {"is_superuser"} if victim.is_superuser else set()
        expected = FORGED.keys() - {"password", "password1", "password2"} - there
    elif role == "manager":
        expected = CONTACT | ({"email", "is_active"} if target == "customer_2" else set())
    else:
        expected = set()
    assert changed_by(browser(person), victim, FORGED) == expected


@pytest.mark.parametrize("target", [*TARGETS, "nobody"])
@pytest.mark.parametrize("role", ROLES)
def test_password_of_another_account_is_set_by_superusers_only(people: dict[str, User], role: str, target: str) -> None:
    person = people[role]
    victim = person if target == "oneself" else people.get(target)
    path = f"{USERS}{victim.pk if victim else 10**9}/password/"
    before = snapshot()
    given = {"password1": "Thief-password-1", "password2": "Thief-password-1", "usable_password": "true"}
    answers = [browser(person).get(path).status_code, browser(person).post(path, given).status_code]
    if role != "superuser":
        assert answers == ([302, 302] if role == "customer" else [403, 403])
        assert snapshot() == before
    elif victim:
        assert answers == [200, 302]
        victim.refresh_from_db()
        assert victim.check_password("Thief-password-1")
    else:
        assert answers == [404, 404]


@pytest.mark.parametrize("way", ["page", "action"])
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("role", ROLES)
def test_users_that_each_role_can_delete(people: dict[str, User], role: str, target: str, way: str) -> None:
    person = people[role]
    victim = person if target == "oneself" else people[target]
    if way == "page":
        browser(person).post(f"{USERS}{victim.pk}/delete/", {"post": "yes"})
    else:
        ticked = {"action": "delete_selected", "_selected_action": str(victim.pk), "post": "yes"}
        browser(person).post(USERS, ticked)
    allowed = role == "superuser" or (role == "manager" and target == "customer_2")
    assert User.objects.filter(pk=victim.pk).exists() is not allowed


def test_bulk_delete_with_one_staff_account_is_refused(people: dict[str, User]) -> None:
    ticked = [str(people[name].pk) for name in ("customer", "customer_2", "packer")]
    answer = browser(people["manager"]).post(
        USERS, {"action": "delete_selected", "_selected_action": ticked, "post": "yes"}
    )
    assert answer.status_code == 403
    assert User.objects.count() == len(people)


@pytest.mark.parametrize("role", ROLES)
def test_user_is_added_by_superusers_only_and_without_rights(people: dict[str, User], role: str) -> None:
    given = {"username": "thief", "password1": "Thief-password-1", "password2": "Thief-password-1"}
    forged = {"usable_password": "true", "is_staff": "on", "is_superuser": "on", "groups": "1", "user_permissions": "1"}
    browser(people[role]).post(f"{USERS}add/", given | forged)
    made = User.objects.filter(username="thief")
    assert made.exists() is (role == "superuser")
    rights = [user.is_staff or user.is_superuser or user.groups.exists() for user in made]
    assert not any(rights)


@pytest.mark.parametrize("action", ["list", "view", "add", "change", "delete", "delete_selected", "history"])
@pytest.mark.parametrize("role", ROLES)
def test_groups_are_open_to_superusers_only(people: dict[str, User], role: str, action: str) -> None:
    client, before = browser(people[role]), snapshot()
    all_permissions = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    answer = {
        "list": lambda: client.get(GROUPS),
        "view": lambda: client.get(f"{GROUPS}1/change/"),
        "history": lambda: client.get(f"{GROUPS}1/history/"),
        "add": lambda: client.post(f"{GROUPS}add/", {"name": "Thieves", "permissions": all_permissions}),
        "change": lambda: client.post(f"{GROUPS}1/change/", {"initial-name": "Bosses", "name": "Thieves"}),
        "delete": lambda: client.post(f"{GROUPS}1/delete/", {"post": "yes"}),
        "delete_selected": lambda: client.post(
            GROUPS, {"action": "delete_selected", "_selected_action": "1", "post": "yes"}
        ),
    }[action]()
    if role == "superuser":
        assert answer.status_code in {200, 302}
        assert (snapshot() != before) is (action in {"add", "change", "delete", "delete_selected"})
    else:
        assert answer.status_code == (302 if role == "customer" else 403)
        assert snapshot() == before


@pytest.mark.parametrize("role", ["superuser", "manager", "viewer"])
@pytest.mark.parametrize("target", ["customer_2", "packer", "superuser_2"])
def test_rights_are_shown_to_superusers_only(people: dict[str, User], role: str, target: str) -> None:
    people["superuser_2"].groups.add(1)
    client = browser(people[role])
    page = client.get(f"{USERS}{people[target].pk}/change/").content.decode()
    names = ("is_staff", "is_superuser", "groups", "user_permissions")
    seen = {name for name in names if f'name="{name}"' in page or f"field-{name}" in page}
    assert seen == (set(names) if role == "superuser" else set())
    assert ("Bosses" in page) is (role == "superuser")
    assert people[target].password not in page
    assert ("/password/" in page) is (role == "superuser")
    listed = client.get(USERS).content.decode()
    assert ("is_staff" in listed) is (role == "superuser")
    assert (GROUPS in client.get("/admin/").content.decode()) is (role == "superuser")


@pytest.mark.parametrize("lookup", ["is_staff__exact=1", "is_superuser=1", "groups__id__exact=1", "user_permissions=1"])
def test_filter_by_rights_is_refused_for_managers(people: dict[str, User], lookup: str) -> None:
    assert browser(people["superuser"]).get(f"{USERS}?is_staff__exact=1").status_code == 200
    assert browser(people["manager"]).get(f"{USERS}?{lookup}").status_code == 400


def test_manager_cannot_change_telegram_ids(people: dict[str, User]) -> None:
    page = OpenPage(browser(people["manager"]), f"{USERS}{people['customer_2'].pk}/change/")
    taken = str(people["packer"].telegram_id)
    page.save(**{"telegram_id": taken, "initial-telegram_id": "22"})
    assert User.objects.get(telegram_id=13) == people["packer"]
    assert User.objects.get(telegram_id=22) == people["customer_2"]


def test_manager_changes_contact_and_activity_of_a_customer(people: dict[str, User]) -> None:
    page = OpenPage(browser(people["manager"]), f"{USERS}{people['customer'].pk}/change/")
    changes = {"first_name": "Анна", "phone": "+7 912 345-67-89", "language_code": "ru", "is_active": None}
    assert page.save(**changes).status_code == 302
    anna = User.objects.get(telegram_id=21)
    assert (anna.first_name, anna.phone, anna.language_code, anna.is_active, anna.username) == (
        "Анна",
        "+7 912 345-67-89",
        "ru",
        False,
        "tg:21",
    )


def test_history_names_fields_and_no_values(people: dict[str, User]) -> None:
    victim = people["packer"]
    assert changed_by(browser(people["superuser"]), victim, {"groups": "1"}) == {"groups"}
    assert LogEntry.objects.filter(object_id=str(victim.pk)).exists()
    page = browser(people["viewer"]).get(f"{USERS}{victim.pk}/history/").content.decode()
    assert "Bosses" not in page


# --- Concurrent changes -----------------------------------------------------------------------------------


def test_concurrent_change_of_groups_is_reported_before_it_is_replaced(people: dict[str, User]) -> None:
    packers, packer = Group.objects.create(name="Packers"), people["packer"]
    page = OpenPage(browser(people["superuser"]), f"{USERS}{packer.pk}/change/")
    packer.groups.add(1)
    assert page.save(groups=[str(packers.pk)]).status_code == 200
    assert "added “Bosses”, removed “nothing”. Save again to replace it by what is selected here." in page.html
    assert [group.name for group in packer.groups.all()] == ["Bosses"]
    assert page.save().status_code == 302
    assert [group.name for group in packer.groups.all()] == ["Packers"]


def test_concurrent_removal_of_rights_is_not_undone(people: dict[str, User]) -> None:
    packer = people["packer"]
    page = OpenPage(browser(people["superuser"]), f"{USERS}{packer.pk}/change/")
    packer.groups.add(1)
    User.objects.filter(pk=packer.pk).update(is_staff=False, is_active=False, phone="+79120000000")
    assert page.save(first_name="Pavel").status_code == 302
    packer.refresh_from_db()
    assert (packer.first_name, packer.is_staff, packer.is_active, packer.phone) == (
        "Pavel",
        False,
        False,
        "+79120000000",
    )
    assert packer.groups.count() == 1


def test_concurrent_change_of_group_permissions_is_kept(people: dict[str, User]) -> None:
    bosses = Group.objects.get()
    page = OpenPage(browser(people["superuser"]), f"{GROUPS}1/change/")
    bosses.permissions.remove(Permission.objects.get(codename="delete_user"))
    assert page.save(name="The bosses").status_code == 302
    bosses.refresh_from_db()
    assert bosses.name == "The bosses"
    assert not bosses.permissions.filter(codename="delete_user").exists()


@pytest.mark.parametrize("way", ["another account's", "one's own"])
def test_new_password_writes_the_password_column_only(people: dict[str, User], way: str) -> None:
    boss, packer = browser(people["superuser"]), people["packer"]
    new = "Pack-the-goods-7"
    with CaptureQueriesContext(connection) as queries:
        if way == "one's own":
            given = {"old_password": "old", "new_password1": new, "new_password2": new}
            answer = browser(packer).post("/admin/password_change/", given)
        else:
            given = {"password1": new, "password2": new, "usable_password": "true"}
            answer = boss.post(f"{USERS}{packer.pk}/password/", given)
    assert answer.status_code == 302
    updates = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "accounts_user" SET "password"')]
    assert len(updates) == 1
    assert "is_staff" not in updates[0].partition("WHERE")[0]
    packer.refresh_from_db()
    assert packer.check_password(new)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["page", "delete", "action"])
def test_customer_made_staff_at_the_same_moment_is_not_changed(people: dict[str, User], what: str) -> None:
    target, client = people["customer_2"], browser(people["manager"])
    page = OpenPage(client, f"{USERS}{target.pk}/change/")

    def act() -> Any:
        if what == "page":
            return page.save(is_active=None, first_name="Changed")
        if what == "delete":
            return client.post(f"{USERS}{target.pk}/delete/", {"post": "yes"})
        ticked = {"action": "delete_selected", "_selected_action": str(target.pk), "post": "yes"}
        return client.post(USERS, ticked)

    with ExitStack() as stack:
        with transaction.atomic():
            User.objects.filter(pk=target.pk).update(is_staff=True)
            acting, backend = stack.enter_context(beside(act))
            wait_until_blocked(backend)
        assert acting.result(DEADLINE).status_code == (302 if what == "page" else 403)
    target.refresh_from_db()
    assert (target.is_staff, target.is_active) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_username_taken_at_the_same_moment_is_a_form_error(people: dict[str, User]) -> None:
    page = OpenPage(browser(people["superuser"]), f"{USERS}add/")
    given = {"username": "new", "password1": "Pack-the-goods-7", "password2": "Pack-the-goods-7"}
    with ExitStack() as stack:
        with transaction.atomic():
            User.objects.create(username="new")
            adding, backend = stack.enter_context(beside(partial(page.save, **given)))
            wait_until_blocked(backend)
        assert adding.result(DEADLINE).status_code == 200
    assert "A user with that username already exists." in page.html
