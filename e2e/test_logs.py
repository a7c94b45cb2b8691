"""What the logs must not hold, also where they hold the most: at LOG_LEVEL=debug, through all that people do."""

import re

import httpx2
import pytest
from websockets.sync.client import connect

from rooms.kernel.protocol import SUBPROTOCOL

PATIENCE = 60  # seconds, for a machine that is busy
PASSWORD, WRONG = "quiet river stone", "loud lake pebble"
SAID, ASKED, ANSWER = "the heron lands at noon", "@bot when does the owl fly?", "the owl flies at midnight"


@pytest.fixture
def visited(make_stack, model):
    """The stack's log after everything was done once, and the secrets that were used for it."""
    model.say(ANSWER)
    settings = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API": "chat", "OPENAI_API_KEY": "sk-very-secret"}
    stack = make_stack(LOG_LEVEL="debug", SECRET_KEY="k" * 50, **settings)
    with httpx2.Client(base_url=stack.base_url, follow_redirects=True, timeout=PATIENCE) as browser:
        secrets = {"k" * 50, "sk-very-secret", *_account(browser), *_direct_message(browser, stack)}
        secrets |= {*_invitation(browser), *_cookies(browser)}
        browser.get("/accounts/password/reset/key/2-secret-key-of-a-reset/")
    assert stack.stop() == 0
    return stack.log, secrets


def test_no_secret_and_no_word_of_a_message_is_logged(visited):
    log, secrets = visited
    assert len(secrets) >= 8
    assert "Not Found: /chat/invite/…" in log  # it is detailed enough to have told
    assert "DEBUG" in log
    for secret in (*secrets, PASSWORD, WRONG, "secret-key-of-a-reset", "heron", "owl"):
        lines = [line for line in log.splitlines() if secret in line]
        assert not lines, lines[0][:500]


def _account(browser) -> set[str]:
    _post(browser, "/accounts/signup/", username="alice", password1=PASSWORD, password2=PASSWORD)
    signed_up = _cookies(browser)
    _post(browser, "/accounts/logout/")
    _post(browser, "/accounts/login/", login="alice", password=WRONG)
    assert "/chat/" in str(_post(browser, "/accounts/login/", login="alice", password=PASSWORD).url)
    return signed_up


def _cookies(browser) -> set[str]:
    """But the one that holds the id of whoever has signed out, which is no secret."""
    return {value for name, value in browser.cookies.items() if name != "gone"}


def _direct_message(browser, stack) -> set[str]:
    """By the page, the API and the socket, with a session and with a token, and with mistakes."""
    _post(browser, "/accounts/reauthenticate/", password=PASSWORD)
    made = _post(browser, "/accounts/tokens/", name="script", scope="full", days="90").text
    token = re.search(r'value="(rt_\w+)"', made)[1]
    browser.get("/chat/lobby/")
    bearer = {"Authorization": f"Bearer {token}"}
    messages = "/api/rooms/lobby/messages"
    script = httpx2.Client(base_url=stack.base_url, headers=bearer, timeout=PATIENCE)
    for text in (SAID, ASKED):
        assert script.post(messages, json={"message": text}).is_success
    script.post(messages, content=b'{"message": "heron')
    script.get("/api/search?q=heron")
    script.get("/api/rooms", headers={"Authorization": f"Bearer {token}x"})
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    address = f"ws://127.0.0.1:{stack.port}/ws/chat/lobby/"
    for headers in (bearer, cookie):
        options = {"origin": stack.base_url, "subprotocols": [SUBPROTOCOL], "open_timeout": PATIENCE}
        with connect(address, additional_headers=headers, **options) as socket:
            socket.recv(PATIENCE)
            for frame in (SAID, f'{{"type": "send", "message": "{SAID}"}}'):
                socket.send(frame)
                while '"error"' not in socket.recv(PATIENCE):
                    pass
    stack.wait_until(lambda: ANSWER in script.get(messages).text)
    script.close()
    return {token}


def _invitation(browser) -> set[str]:
    room = _post(browser, "/chat/", title="Plans", private="on").url.path
    page = _post(browser, f"{room}people/", do="make_link", days="1").text
    secret = re.search(r"/chat/invite/([\w-]+)/", page)[1]
    number = re.search(r'name="link" value="(\d+)"', page)[1]
    _post(browser, f"{room}people/", do="revoke_link", link=number)
    browser.post(f"/chat/invite/{secret}/")  # without the form's token
    _post(browser, f"{room}about/", do="leave")
    assert browser.get(f"/chat/invite/{secret}/").status_code == 404
    return {secret}


def _post(browser, path: str, **fields):
    """A form, as a browser sends it."""
    browser.get(path)
    return browser.post(path, data={"csrfmiddlewaretoken": browser.cookies["csrftoken"], **fields})
