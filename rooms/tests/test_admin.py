"""The admin: staff look at what they may enter, and keep order by the same actions as a moderator."""

import pytest
from django.urls import reverse

from accounts.models import Token
from accounts.security.access_revocation import access_ended
from rooms.models import Membership, Message, Role
from rooms.services import direct_messages, membership, messages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_context")]


@pytest.fixture
def root(make_user):
    return make_user("root", is_staff=True, is_superuser=True)


@pytest.fixture
def admin(client, root):
    client.force_login(root)
    return client


def act(admin, model, action, *rows):
    form = {"action": action, "_selected_action": [row.pk for row in rows]}
    return admin.post(reverse(f"admin:{model}_changelist"), form, follow=True)


PAGES = ["rooms_room", "rooms_membership", "rooms_message", "accounts_user", "accounts_token"]


@pytest.mark.parametrize("model", PAGES)
def test_every_list_and_every_page_opens(admin, alice, bob, lobby, model):
    Token.issue(alice, "script")
    messages.post(alice, "lobby", "hello <script>alert(1)</script>")
    page = admin.get(reverse(f"admin:{model}_changelist"), {"q": "a"})
    assert page.status_code == 200
    assert b"<script>alert" not in page.content
    row = page.context["cl"].model.objects.first()
    assert admin.get(reverse(f"admin:{model}_change", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("model", PAGES)
def test_people_who_are_not_staff_are_sent_to_sign_in(client, alice, model):
    client.force_login(alice)
    answer = client.get(reverse(f"admin:{model}_changelist"))
    assert answer.status_code in (302, 403)


def test_staff_sign_in_where_everyone_does(client):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")


def test_what_is_private_is_not_there(admin, root, alice, bob):
    room, direct = (
        membership.create_room(alice, "Plans", "private"),
        direct_messages.get_or_create_direct_message(alice, "bob"),
    )
    messages.post(alice, room.name, "a secret")
    messages.post(alice, direct.name, "a whisper")
    for model in ("rooms_room", "rooms_membership", "rooms_message"):
        assert list(admin.get(reverse(f"admin:{model}_changelist")).context["cl"].queryset) == []
    message = Message.objects.first()
    page = admin.get(reverse("admin:rooms_message_change", args=[message.pk]), follow=True)
    assert b"a secret" not in page.content
    act(admin, "rooms_message", "delete_messages", *Message.objects.all())
    assert not Message.objects.filter(deleted=True).exists()


@pytest.mark.parametrize("model", ["rooms_room", "rooms_membership", "rooms_message"])
def test_nothing_of_rooms_is_written_by_forms(admin, alice, lobby, model):
    messages.post(alice, "lobby", "as it was")
    row = admin.get(reverse(f"admin:{model}_changelist")).context["cl"].model.objects.first()
    assert admin.get(reverse(f"admin:{model}_add")).status_code == 403
    assert admin.post(reverse(f"admin:{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    answer = admin.post(
        reverse(f"admin:{model}_change", args=[row.pk]), {"text": "changed", "title": "x", "role": "owner"}
    )
    assert answer.status_code == 403
    assert Message.objects.get().text == "as it was"


def test_deleting_goes_through_the_action_and_is_told(
    admin, alice, lobby, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(
        "rooms.publishing.publisher.submit", lambda group, payload: sent.append((group, payload.get("seq")))
    )
    messages.post(alice, "lobby", "rude")
    message = Message.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        assert "Done: 1." in act(admin, "rooms_message", "delete_messages", message).content.decode()
    message.refresh_from_db()
    assert (message.deleted, message.text, message.seq) == (True, "", 2)
    assert ("chat_lobby", 2) in sent


def test_moderators_are_appointed_and_people_taken_out_banned_and_let_back(admin, alice, bob, lobby):
    place = Membership.objects.get(user=bob)
    act(admin, "rooms_membership", "appoint", place)
    assert Membership.objects.get(user=bob).role == Role.MODERATOR
    act(admin, "rooms_membership", "dismiss", place)
    assert Membership.objects.get(user=bob).role == Role.MEMBER
    act(admin, "rooms_membership", "ban", place)
    assert Membership.objects.get(user=bob).banned
    act(admin, "rooms_membership", "lift_ban", place)
    assert not Membership.objects.filter(user=bob).exists()
    act(admin, "rooms_membership", "take_out", membership.get_or_join(bob, "lobby")[1])
    assert not Membership.objects.filter(user=bob).exists()


def test_what_cannot_be_done_is_said_and_the_rest_is_done(admin, alice, bob, lobby):
    owner, other = Membership.objects.get(user=alice), Membership.objects.get(user=bob)
    page = act(admin, "rooms_membership", "take_out", owner, other).content.decode()
    assert "nobody can remove the owner" in page
    assert "Done: 1." in page
    assert list(Membership.objects.filter(room=lobby)) == [owner]


def test_deactivating_signs_people_out_and_never_oneself(admin, root, alice, bob):
    told = []

    def listen(user_id, digest, **kwargs):
        told.append((user_id, digest))

    access_ended.connect(listen)
    act(admin, "accounts_user", "deactivate", alice, bob, root)
    access_ended.disconnect(listen)
    assert sorted(told) == sorted([(alice.id, None), (bob.id, None)])
    for user in (alice, bob, root):
        user.refresh_from_db()
    assert (alice.is_active, bob.is_active, root.is_active) == (False, False, True)
    act(admin, "accounts_user", "activate", alice)
    alice.refresh_from_db()
    assert alice.is_active


def test_people_are_made_in_the_admin_and_never_deleted(admin, alice):
    form = {"username": "dora", "usable_password": "true", "password1": "many horses 7", "password2": "many horses 7"}
    assert admin.post(reverse("admin:accounts_user_add"), form).status_code == 302
    assert admin.post(reverse("admin:accounts_user_delete", args=[alice.pk]), {"post": "yes"}).status_code == 403


def test_a_token_is_revoked_and_none_is_made_here(admin, alice):
    token, _secret = Token.issue(alice, "script")
    assert admin.get(reverse("admin:accounts_token_add")).status_code == 403
    act(admin, "accounts_token", "delete_selected", token)
    admin.post(
        reverse("admin:accounts_token_changelist"),
        {"action": "delete_selected", "_selected_action": [token.pk], "post": "yes"},
    )
    assert not Token.objects.exists()
