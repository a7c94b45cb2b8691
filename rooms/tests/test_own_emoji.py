"""The server's own emoji: who adds them, what becomes of their pictures, and where they are shown."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from rooms.kernel.errors import ChatError
from rooms.models import Message, OwnEmoji
from rooms.privacy.personal_data import iter_sections
from rooms.services import messages, own_emoji
from rooms.text.markup import render, visible_text

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


@pytest.fixture
def root(make_user):
    return make_user("root", is_staff=True, is_superuser=True)


@pytest.fixture
def party(root):
    return own_emoji.add(root, "party", picture())


def image_of(emoji: OwnEmoji) -> str:
    return f'<img class="own-emoji" src="{emoji.address}" alt=":{emoji.name}:" title=":{emoji.name}:">'


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_a_picture_is_drawn_anew_as_a_square(root, kind):
    sent = picture(kind, comment="secret") if kind == "GIF" else picture(kind)
    added = own_emoji.add(root, ":Party:", sent)
    assert added.name == "party"
    with Image.open(io.BytesIO(added.picture)) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (own_emoji.SIDE, own_emoji.SIDE))
    assert b"secret" not in added.picture


def refusal(act, *given) -> str:
    with pytest.raises(ChatError) as caught:
        act(*given)
    return caught.value.reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_a_picture"),
        (picture("JPEG"), "not_a_picture"),
        (picture()[:40], "not_a_picture"),
        (b"", "not_a_picture"),
        (picture(size=(own_emoji.MAX_SIDE + 1, 4)), "emoji_too_many_pixels"),
        (picture() + b" " * own_emoji.MAX_BYTES, "emoji_too_large"),
    ],
)
def test_nothing_else_is_taken(root, data, reason):
    assert refusal(own_emoji.add, root, "party", data) == reason
    assert not OwnEmoji.objects.exists()


def test_a_picture_that_claims_to_be_huge_is_not_decoded(root):
    small = bytearray(picture())
    small[16:24] = (60_000).to_bytes(4, "big") * 2  # width and height in the head of a PNG
    assert refusal(own_emoji.redraw, bytes(small)) in ("emoji_too_many_pixels", "not_a_picture")


@pytest.mark.parametrize("name", ["", "a", "x" * 31, "grüße", "a b", "<b>", "a/b", "-ab"])
def test_names(root, name):
    assert refusal(own_emoji.add, root, name, picture()) == "bad_emoji_name"


def test_only_staff_add_and_delete_them(alice, party):
    assert refusal(own_emoji.add, alice, "cat", picture()) == "not_staff"
    assert refusal(own_emoji.delete, alice, ["party"]) == "not_staff"


def test_a_name_is_given_once(root, party):
    assert refusal(own_emoji.add, root, "party", picture()) == "emoji_name_taken"


def test_it_is_shown_in_messages_but_not_in_code(alice, lobby, party):
    said = messages.post(alice, "lobby", "we :party: at 10:30:45, `:party:` :nobody:")
    html = Message.objects.get(pk=said.message_id).html
    assert html == f"<p>we {image_of(party)} at 10:30:45, <code>:party:</code> :nobody:</p>\n"
    assert visible_text(html) == "we :party: at 10:30:45, :party: :nobody:\n"


def test_alone_it_is_shown_large(alice, lobby, party):
    said = messages.post(alice, "lobby", ":party::party:")
    html = Message.objects.get(pk=said.message_id).html
    assert html == f'<p class="emoji">{image_of(party) * 2}</p>\n'


def test_an_edit_shows_it(alice, lobby, party):
    said = messages.post(alice, "lobby", "hello")
    assert image_of(party) in messages.edit(alice, "lobby", said.message_id, "hello :party:").html


def test_a_message_of_names_does_not_become_a_page_of_pictures(alice, lobby, party):
    text = ":party: " * 400
    posted = messages.post(alice, lobby.name, text)
    html = Message.objects.get(pk=posted.message_id).html
    assert html.count("<img") == 200 and html.count(":party:</p>") + html.count(" :party:") >= 200
    assert visible_text(html).split() == text.split()


def test_a_message_cannot_forge_one():
    html = render('<span class="emoji-name">:party:</span> <img class="own-emoji" src="/x">').html(
        emoji={"party": "/emoji/x.webp"}
    )
    assert html.count("<img") == 1 and "&lt;img" in html


def test_it_is_a_reaction_as_long_as_there_is_one(alice, root, lobby, party):
    said = messages.post(alice, "lobby", "hello")
    changed = messages.react(alice, "lobby", said.message_id, ":party:")
    assert [each.emoji for each in changed.reactions.all()] == [":party:"]
    assert refusal(messages.react, alice, "lobby", said.message_id, ":nobody:") == "not_one_emoji"
    own_emoji.delete(root, ["party"])
    assert refusal(messages.react, root, "lobby", said.message_id, ":party:") == "not_one_emoji"
    messages.unreact(alice, "lobby", said.message_id, ":party:")
    assert not changed.reactions.exists()


def test_its_picture_can_do_nothing_but_be_seen(client, alice, party):
    assert client.get(party.address).status_code == 302  # to sign in
    client.force_login(alice)
    answer = client.get(party.address)
    assert answer.content == party.picture
    assert answer["Content-Type"] == "image/webp"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    assert client.get(f"/emoji/{'0' * 32}.webp").status_code == 404


def test_they_are_listed(client, alice, party):
    client.force_login(alice)
    assert client.get("/api/emoji").json() == {"emoji": [{"name": "party", "image": party.address}]}


def test_staff_add_one_in_the_admin(client, root):
    client.force_login(root)
    form = {"name": "cat", "image": SimpleUploadedFile("cat.png", picture())}
    assert client.post(reverse("admin:rooms_ownemoji_add"), form).status_code == 302
    [added] = OwnEmoji.objects.all()
    assert (added.name, added.added_by) == ("cat", root)
    assert added.address.encode() in client.get(reverse("admin:rooms_ownemoji_changelist")).content
    for wrong in ({"name": "cat"}, {"name": "c"}, {"image": SimpleUploadedFile("cat.png", b"no picture")}):
        again = form | {"name": "dog", "image": SimpleUploadedFile("dog.png", picture())} | wrong
        assert b"errorlist" in client.post(reverse("admin:rooms_ownemoji_add"), again).content
    client.post(reverse("admin:rooms_ownemoji_delete", args=[added.pk]), {"post": "yes"})
    assert not OwnEmoji.objects.exists()


def test_who_added_them_is_exported(root, party):
    rows = {section.key: section.rows for section in iter_sections(root)}
    assert [row["name"] for row in rows["emoji"]] == ["party"]
