"""Bots and their replies in the admin."""

import pytest

from bot.models import Bot, Run
from bot.provisioning import create_bot
from rooms.models import Message, RoomKind
from rooms.services import membership


@pytest.mark.django_db
def test_bots_are_made_and_changed_in_the_admin(admin_client, alice, bot):
    fields = {"handle": "helper", "name": "Helper", "enabled": "on", "model": "m", "api": "chat", "tools": "on",
              "base_url": "http://localhost:11434/v1", "person_daily_tokens": 1, "room_daily_tokens": 1,
              "daily_tokens": 1}  # fmt: skip
    assert "taken" in admin_client.post("/admin/bot/bot/add/", {**fields, "handle": "Alice"}).content.decode()
    assert admin_client.post("/admin/bot/bot/add/", fields).status_code == 302
    helper = Bot.objects.get(user__username="helper")
    assert helper.user.is_bot and helper.endpoint.api == "chat"
    wrong = admin_client.post(f"/admin/bot/bot/{helper.pk}/change/", {**fields, "base_url": "http://a..b/v1"})
    assert "This is not a valid server address" in wrong.content.decode()
    assert admin_client.post(f"/admin/bot/bot/{helper.pk}/change/", {**fields, "handle": "helper2"}).status_code == 302
    helper.user.refresh_from_db()
    assert helper.user.username == "helper2"
    assert admin_client.get(f"/admin/bot/bot/{bot.pk}/change/").status_code == 200


@pytest.mark.django_db
def test_the_admin_shows_runs_without_what_was_said(admin_client, say, alice):
    reply = Message.objects.get(reply_to=say(alice, "@bot CANARY"))
    page = admin_client.get(f"/admin/bot/run/{Run.objects.get().pk}/change/").content.decode()
    assert reply.room.title in page and "alice" in page and "CANARY" not in page
    assert admin_client.get("/admin/bot/run/").status_code == 200


@pytest.mark.django_db
def test_the_admin_names_no_private_room_of_others_and_nobody_in_it(admin_client, say, make_user, bot):
    someone = make_user("someone")
    private = membership.create_room(someone, "CANARY-TITLE", RoomKind.PRIVATE)
    say(someone, "@bot find CANARY-WORDS", where=private)
    run = Run.objects.get()
    Run.objects.update(tools=[{"name": "search_room", "arguments": {"words": "CANARY-SEARCH"}, "found": 0}])
    pages = [
        "/admin/bot/run/",
        f"/admin/bot/run/{run.pk}/change/",
        f"/admin/bot/bot/{bot.pk}/change/",
        "/admin/bot/bot/add/",
    ]
    for page in pages:
        text = admin_client.get(page).content.decode()
        assert "CANARY" not in text and "someone" not in text, page


@pytest.mark.django_db
def test_rooms_that_staff_may_not_see_stay_chosen(admin_client, alice, make_user):
    hidden = membership.create_room(make_user("someone"), "Hidden", RoomKind.PRIVATE)
    open_one = membership.create_room(alice, "Open")
    helper = create_bot("helper", model="m")
    helper.rooms.add(hidden, open_one)
    fields = {"handle": "helper", "name": "Helper", "enabled": "on", "model": "m", "api": "chat",
              "base_url": "http://localhost:11434/v1", "person_daily_tokens": 1, "room_daily_tokens": 1,
              "daily_tokens": 1, "rooms": []}  # fmt: skip
    assert admin_client.post(f"/admin/bot/bot/{helper.pk}/change/", fields).status_code == 302
    assert list(helper.rooms.all()) == [hidden]
