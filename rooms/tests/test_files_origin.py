"""Files at an origin of their own: by links that are soon over, with no cookie, and nothing else there."""

import pytest

from files import links
from rooms.services import messages, moderation

from .file_calls import FileClient

HOST = "files.test"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unlimited")]


@pytest.fixture
def there(web, lobby, settings):
    """there(path): what a stranger gets from that origin."""
    settings.FILES_ORIGIN, settings.ALLOWED_HOSTS = f"http://{HOST}", [*settings.ALLOWED_HOSTS, HOST]
    return lambda path, **headers: FileClient(web, None).get(path, Host=HOST, **headers)


def path_to(answer) -> str:
    assert answer.status == 302 and answer.body == b"" and "no-referrer" in answer.headers["referrer-policy"]
    assert answer.headers["location"].startswith(f"http://{HOST}/f/")
    return answer.headers["location"].removeprefix(f"http://{HOST}")


def test_the_site_gives_a_link_and_the_origin_the_bytes(there, hers, web):
    taken = hers.uploaded("lobby", b"0123456789", "ü.txt")
    path = path_to(hers.get(taken["url"]))
    answer = there(path)
    assert answer.body == b"0123456789" and answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin" and "set-cookie" not in answer.headers
    assert there(path, Range="bytes=2-4").body == b"234"
    assert path_to(hers.call("HEAD", taken["url"])).startswith("/f/")
    assert FileClient(web, None).get(path).status == 404  # the site itself


def test_a_document_is_shown_there_and_saved_by_the_site(there, hers, settings):
    url = hers.uploaded("lobby", b"%PDF-1.7\n", "paper.pdf")["url"]
    answer = there(path_to(hers.get(url)))
    assert answer.headers["content-disposition"] == 'inline; filename="paper.pdf"'
    assert answer.headers["content-type"].endswith("pdf")
    assert "sandbox" not in answer.headers["content-security-policy"]
    settings.FILES_ORIGIN = ""
    assert hers.get(url).headers["content-disposition"].startswith("attachment")


def test_a_link_ends_and_is_worth_no_more_than_its_persons_rights(there, hers, his, alice, bob, monkeypatch):
    sent = hers.sent("lobby")
    url = sent["files"][0]["url"]
    path, mine = path_to(his.get(url)), path_to(hers.get(url))
    assert there(path).status == there(mine).status == 200
    now = links.time.time()
    for later, status in ((-31, 200), (61, 404)):
        with monkeypatch.context() as patch:
            patch.setattr(links.time, "time", lambda later=later: now + later)
            assert there(mine).status == status
    moderation.remove(alice, "lobby", bob.id, ban=True)
    assert there(path).status == 404 and there(mine).status == 200
    messages.delete(alice, "lobby", sent["id"])
    assert there(mine).status == 404


@pytest.mark.parametrize("path", ["/", "/chat/lobby/", "/api/rooms", "/accounts/login/", "/livez", "/f/", "/f/x/a.txt"])
def test_nothing_else_is_there(there, hers, path):
    assert there(path).status == 404
    assert hers.call("GET", path, Host=HOST).status == 404  # not by a token either
    assert hers.call("POST", "/api/rooms/lobby/messages", "{}", Host=HOST).status == 404


def test_what_was_signed_for_something_else_is_no_link(there, hers):
    token = path_to(hers.get(hers.uploaded("lobby")["url"])).split("/")[2]
    for bad in (token[:-1], token + "x", f"x{token}", "a:b:c", "é"):
        with pytest.raises(links.BadLink):
            links.read_link(bad)
