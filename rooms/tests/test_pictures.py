"""Pictures of people and rooms: drawn anew, told to everybody, shown to whoever may see, gone with whom they are of."""

import io
import zipfile

import orjson
import pytest
from django.core.management import call_command
from PIL import Image

from accounts.templatetags.people import avatar
from files.tests.pictures import picture, with_place
from rooms.kernel.errors import ChatError
from rooms.kernel.protocol import person
from rooms.models import Message, PersonPicture, RoomPicture
from rooms.privacy.personal_data_archive import archive
from rooms.services import membership, messages, pictures

from .file_calls import FileClient, form
from .operations import signed_in

SQUARES = pictures.Squares(b"small", b"large")


def send(client, address: str, data: bytes, method: str = "POST"):
    body, type = form([("file", "me.jpg", data)])
    return client.call(method, address, body, Content_Type=type)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unlimited")
def test_a_picture_comes_in_as_a_square_and_is_shown(web, hers, his, lobby, monkeypatch):
    answer = send(hers, "/api/people/alice/avatar", with_place())
    assert answer.status == 200, answer.body
    address = answer.json["avatar"]
    found = his.get(address)
    assert (found.status, found.headers["content-type"]) == (200, "image/webp")
    assert "immutable" in found.headers["cache-control"] and "sandbox" in found.headers["content-security-policy"]
    for body, side in ((found.body, 96), (his.get(address.replace(".webp", "-large.webp")).body, 256)):
        with Image.open(io.BytesIO(body)) as drawn:
            assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("WEBP", (side, side), {})
    assert FileClient(web, None).get(address).status == 302
    again = send(hers, "/api/people/alice/avatar", picture())
    assert again.json["avatar"] != address
    assert his.get(address).status == 404 and his.get(again.json["avatar"]).status == 200
    refused = send(hers, "/api/people/alice/avatar", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert (refused.status, refused.reason) == (400, "no_picture")
    assert send(hers, "/api/people/bob/avatar", picture()).reason == "not_own_picture"
    with monkeypatch.context() as patch:
        patch.setattr("rooms.kernel.uploads.MAX_PICTURE_SIZE", 1000)
        assert send(hers, "/api/people/alice/avatar", b"x" * 1001).reason == "file_too_large"

    room = send(hers, "/api/rooms/lobby/avatar", picture()).json
    assert his.get(room["avatar"]).status == 200
    assert send(his, "/api/rooms/lobby/avatar", picture()).reason == "cannot_change_picture"


@pytest.mark.django_db
def test_everybody_is_told_as_of_a_new_name(alice, bob, lobby, published, django_capture_on_commit_callbacks):
    said = messages.post(alice, "lobby", "hello").message_id
    with django_capture_on_commit_callbacks(execute=True):
        alice = pictures.set_of_person(alice, "alice", SQUARES)
    [told] = [each for each in published if each["to"] == "chat_lobby" and each["type"] == "person"]
    assert told["user"]["avatar"] == alice.avatar == f"/avatars/{alice.pk}/{alice.picture}.webp"
    assert person(Message.objects.get(pk=said).sender)["avatar"] == alice.avatar
    assert f'<img src="{alice.avatar}"' in avatar(alice, "small")
    page = signed_in(bob).get("/chat/lobby/").content.decode()
    assert page.count(f'<img src="{alice.avatar}"') == 1  # of the message; the rendering of before is not shown
    assert orjson.loads(signed_in(bob).get("/api/people?q=ali").content)["people"][0]["avatar"] == alice.avatar


@pytest.mark.django_db
@pytest.mark.usefixtures("unlimited")
def test_staff_change_pictures_of_bots_and_of_nobody_else(alice, bot_user, make_user):
    root = make_user("root", is_staff=True)
    assert pictures.set_of_person(root, bot_user.username, SQUARES).picture
    for actor, name in ((alice, bot_user.username), (root, "alice")):
        with pytest.raises(ChatError, match="own picture"):
            pictures.set_of_person(actor, name, SQUARES)
    assert "change_picture" not in signed_in(alice).get(f"/people/{bot_user.username}/").content.decode()
    answer = signed_in(root).post(f"/people/{bot_user.username}/picture/", {"do": "remove"}, follow=True)
    assert "The picture is removed." in answer.content.decode() and not PersonPicture.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("unlimited")
def test_of_a_private_room_for_its_members_alone(alice, bob, mona):
    room = membership.create_room(alice, "Closed", "private")
    room = pictures.set_of_room(alice, room.name, SQUARES)
    assert Message.objects.get(room=room).notice["reason"] == "picture_set"
    assert signed_in(alice).get(room.avatar).content == b"small"
    assert signed_in(mona).get(room.avatar).status_code == 404
    assert room.avatar in signed_in(alice).get(f"/chat/{room.name}/").content.decode()
    pictures.set_of_room(alice, room.name, None)
    assert not RoomPicture.objects.exists() and signed_in(alice).get(room.avatar).status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("unlimited")
def test_it_is_exported_and_erased(alice, lobby):
    alice = pictures.set_of_person(alice, "alice", SQUARES)
    with zipfile.ZipFile(io.BytesIO(b"".join(archive(alice)))) as found:
        assert found.read("alice/picture.webp") == b"large"
        assert orjson.loads(found.read("alice/data.json"))["account"]["picture"] == "picture.webp"
    call_command("eraseperson", "alice", "--yes")
    alice.refresh_from_db()
    assert not alice.avatar and not PersonPicture.objects.exists()
