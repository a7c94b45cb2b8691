"""Every page of the site, in both schemes, on a phone and a laptop, in German, which has the longer words:
no barrier, nothing that sticks out, no complaint of the browser. The addresses are compared with the urlconf, so that
a new page is not forgotten.
"""

import re

import pytest
from django.urls import get_resolver
from playwright.sync_api import expect

from .german_pages import GERMAN, enter, look_at
from .page_audit import AXE
from .page_seeds import OWNER, SEED, STOP
from .person import PASSWORD, Person

ELSEWHERE = ("admin/", "api/")  # Django's own pages, and what is no page
# Only answer to a form.
ACTIONS = {"accounts/tokens/<int:token_id>/revoke/", "accounts/tokens/revoke/", "invitations/<int:invitation_id>/"}
ACTIONS |= {"accounts/devices/<int:session_id>/end/", "accounts/devices/others/end/"}
ACTIONS |= {"accounts/sso/remove/<int:account_id>/"}
ACTIONS |= {"my-data/download/", "my-data/delete/", "settings/welcome/", "share/send/"}
ACTIONS |= {"accounts/email/confirm/", "settings/notifications/mail/", "settings/notifications/quiet/"}
ACTIONS |= {f"settings/notifications/devices/<int:device_id>/{what}/" for what in ("remove", "test")}
ACTIONS |= {"chat/<str:name>/picture/", "people/<str:username>/picture/"}
# What asks for a password or a code first: test_two_factor_pages.py goes there.
FACTOR = {f"accounts/2fa/{page}" for page in ("", "authenticate/", "reauthenticate/", "recovery-codes/")}
FACTOR |= {f"accounts/2fa/{page}" for page in ("recovery-codes/generate/", "totp/activate/", "totp/deactivate/")}
# What browsers do for names alone: test_passkeys.py goes there.
FACTOR |= {f"accounts/2fa/webauthn/{page}" for page in ("", "add/", "login/", "reauthenticate/")}
FACTOR |= {f"accounts/2fa/webauthn/keys/<int:pk>/{page}" for page in ("edit/", "remove/")}
# What needs an issuer: accounts/tests/test_sso.py goes there.
ISSUERS = {f"accounts/sso/{page}" for page in ("confirm/", "with/<slug:key>/", "with/<slug:key>/callback/")}
ISSUERS |= {"accounts/sso/with/<slug:key>/logout/"}
FILES = {"accounts/2fa/recovery-codes/download/", "emoji/<str:digest>.webp", "manifest.webmanifest", "sw.js"}
FILES |= {
    "server/audit/export/",
    "f/<str:token>/<str:name>",
    "files/<str:key>/<str:name>",
    "files/<str:key>/previews/<int:side>.webp",
}
FILES |= {f"avatars/{of}/<str:version>{size}.webp" for of in ("<int:user_id>", "rooms/<str:name>")
          for size in ("", "-large")}  # fmt: skip
NOT_OFFERED = {"accounts/reauthenticate/code/", "accounts/reauthenticate/code/confirm/"}  # allauth's
# What a stranger sees. Some of them lead elsewhere for want of something: then that is what is looked at.
OUTSIDE = {
    "offline/": ["/offline/"],
    "accounts/login/": ["/accounts/login/"],
    "accounts/signup/": ["/accounts/signup/"],
    "accounts/inactive/": ["/accounts/inactive/"],
    "accounts/confirm-email/": ["/accounts/confirm-email/"],
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": ["/accounts/confirm-email/abc/"],
    "mail/stop/<str:token>/": ["/mail/stop/gone/"],
    "setup/<str:secret>/": ["/setup/gone/"],
    "join/<str:secret>/": ["/join/gone/"],
    "accounts/login/code/confirm/": ["/accounts/login/code/confirm/"],
    "accounts/password/reset/": ["/accounts/password/reset/"],
    "accounts/password/reset/done/": ["/accounts/password/reset/done/"],
    "accounts/password/reset/key/done/": ["/accounts/password/reset/key/done/"],
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": ["/accounts/password/reset/key/1-gone/"],
}
# What somebody sees who is signed in.
INSIDE = {
    "": ["/"],
    "accounts/profile/": ["/accounts/profile/"],
    "accounts/email/": ["/accounts/email/"],
    "accounts/devices/": ["/accounts/devices/"],
    "accounts/sso/": ["/accounts/sso/"],
    "accounts/tokens/<int:token_id>/replace/": [],  # none: test_two_factor_pages.py has one
    "accounts/tokens/": ["/accounts/tokens/"],
    "accounts/logout/": ["/accounts/logout/"],
    "accounts/reauthenticate/": ["/accounts/reauthenticate/"],
    "accounts/password/change/": ["/accounts/password/change/"],
    "accounts/password/set/": ["/accounts/password/set/"],
    "chat/": ["/chat/"],
    "chat/<str:name>/": [
        *("/chat/{room}/", "/chat/{room}-empty/", "/chat/{room}/?before={last}", "/chat/👍/"),
        *("/chat/{room}-bobs/", "/chat/{room}!!/"),
    ],
    "chat/<str:name>/about/": ["/chat/{room}/about/", "/chat/{private}/about/", "/chat/{room}-bobs/about/"],
    "chat/<str:name>/people/": ["/chat/{room}/people/", "/chat/{private}/people/", "/chat/{room}-bobs/people/"],
    "chat/<str:name>/messages/<int:message_id>/forward/": ["/chat/{room}/messages/{last}/forward/"],
    "chat/<str:name>/messages/<int:message_id>/report/": [],  # none: test_reports.py has one
    "people/<str:username>/report/": ["/people/bob/report/"],
    "reports/": ["/reports/", "/reports/?decided=1"],
    "chat/<str:name>/pins/": ["/chat/{room}/pins/", "/chat/{private}/pins/", "/chat/{room}-bobs/pins/"],
    "chat/<str:name>/files/": ["/chat/{room}/files/", "/chat/{private}/files/", "/chat/{room}-bobs/files/"],
    "files/<str:key>/text/": [],  # none: test_files_shown.py has one
    "chat/<str:name>/answers/<int:message_id>/": ["/chat/{room}/answers/{last}/"],  # none: test_reply_row.py has one
    "chat/invite/<str:secret>/": ["/chat/invite/unknown/", "/chat/invite/{invited}/"],
    "groups/": ["/groups/"],
    "groups/<str:name>/": ["/groups/nobody/", "/groups/teapots/"],
    "search/": [
        *("/search/", "/search/?q=teapot", "/search/?q=teapot&room={room}", "/search/?q=zebra"),
        *("/search/?q=teapot&sender=nobody", f"/search/?q={'x' * 201}&since=soon"),
    ],
    "dm/": ["/dm/"],
    "dm/<str:username>/": ["/dm/bob/", "/dm/bot/", "/dm/erin/", "/dm/bobb/", "/dm/carla/"],
    "dm/<str:username>/about/": [],
    "accounts/status/": ["/accounts/status/"],
    "people/": ["/people/", "/people/?sort=new", "/people/?q=zzz"],
    "people/<str:username>/": ["/people/bob/", "/people/carla/", "/people/alice/", "/people/nobody/"],
    "settings/": ["/settings/"],
    "settings/keys/": ["/settings/keys/"],
    "settings/activity/": ["/settings/activity/"],
    "server/settings/": ["/server/settings/"],  # for staff: test_server_settings.py
    "server/settings/<str:group>/": ["/server/settings/rooms/"],
    "server/audit/": [],  # none: test_audit.py has one
    "server/": [],  # none: test_server_pages.py has them
    "server/people/": [],
    **dict.fromkeys((f"server/{page}/" for page in ("jobs", "mail", "bots", "storage", "backups")), []),
    "server/people/<int:user_id>/": [],
    "settings/notifications/": ["/settings/notifications/"],
    "unread/": ["/unread/"],
    "share/": ["/share/"],
    "new-room/": ["/new-room/"],
    "deleted-rooms/": ["/deleted-rooms/"],
    "drafts/": ["/drafts/"],
    "setup/": ["/setup/"],  # for staff: test_owner.py
    "server/blocked-words/": [],  # none: test_server_pages.py has it
    "server/timeouts/": [],  # none: test_posting_limits.py has it
    "server/invitations/": ["/server/invitations/"],  # for staff: test_inviting_to_server.py
    "server/invitations/<int:number>/": ["/server/invitations/1/"],
    "inbox/": ["/inbox/", "/inbox/?kind=reactions", "/inbox/?done=1&undo=2026-11-20T10:00:00.000Z"],
    "invitations/": ["/invitations/"],
    "privacy/": ["/privacy/"],
    "my-data/": ["/my-data/"],
    "usage/": ["/usage/"],
}
VISITED = ("/chat/{room}-bobs/", "/dm/erin/")  # not joined, not begun
# What the server says when it refuses or fails.
TEMPLATES = ["403.html", "403_csrf.html", "429.html", "500.html", "503.html", "account/signup_closed.html"]

RENDER = """
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
with translation.override("de"):
    for template in {templates}:
        print("<!-- page -->" + render_to_string(template, request=RequestFactory().get("/")))
"""


def routes(patterns=None, before: str = "") -> set[str]:
    found = set()
    for each in get_resolver().url_patterns if patterns is None else patterns:
        here = before + str(each.pattern)
        found |= routes(each.url_patterns, here) if hasattr(each, "url_patterns") else {here}
    return {route for route in found if not route.startswith(ELSEWHERE)}


def test_every_page_is_looked_at():
    assert routes() - ACTIONS - FILES - NOT_OFFERED == OUTSIDE.keys() | INSIDE.keys() | FACTOR | ISSUERS


@pytest.fixture
def options(size) -> dict:
    return {**size, **GERMAN, "has_touch": size["viewport"]["width"] < 900}


@pytest.fixture
def stranger(browser, stack, options):
    one = Person("stranger", stack, browser, **options)
    one.add_init_script(AXE)
    yield one
    one.context.close()
    assert not one.unexpected()


def look_around(one: Person, pages: dict[str, list[str]], **names) -> None:
    one.expect_fault("the server responded with a status of 40[04]")
    visited = [address.format(**names) for address in VISITED] if names else []
    for address in [address.format(**names) for addresses in pages.values() for address in addresses]:
        one.page.goto(address)
        if one.page.locator("#people-list").count():
            one.is_visiting() if address in visited else one.is_live()
        look_at(one, address)


def test_pages_for_strangers(stranger, stack):
    look_around(stranger, OUTSIDE)
    page = stranger.page
    page.goto(stack.run(STOP).strip())
    look_at(stranger, "asked before mails are stopped")
    page.get_by_role("button", name="Nichts mehr schicken").click()
    expect(page.get_by_role("status")).to_be_visible()
    look_at(stranger, "mails are stopped")
    page.goto(stack.run(OWNER).strip())
    look_at(stranger, "the link of the owner")
    page.goto("/accounts/signup/")
    for name, value in {"username": "a b", "email": "a@b", "password1": "12345", "password2": "54321"}.items():
        page.fill(f"[name={name}]", value)
    page.locator("main form").evaluate("(form) => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.locator(".errorlist").first).to_be_visible()
    look_at(stranger, "signing up with mistakes")
    page.goto("/accounts/login/")
    page.fill("[name=login]", "nobody")
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    expect(page.locator(".error").first).to_be_visible()
    look_at(stranger, "signing in with mistakes")


@pytest.mark.long
def test_pages_for_people(person, stack, room, options):
    alice = person("alice", **options)
    alice.add_init_script(AXE)
    person("bob"), person("erin")
    names = dict(re.findall(r"(last|private|invited) (\S+)", stack.run(SEED.format(room=room))))
    look_around(alice, INSIDE, room=room, **names)
    alice.page.goto("/chat/{private}/people/".format(**names))
    alice.page.click("[value=make_link]")
    expect(alice.page.locator("#link")).to_be_visible()
    look_at(alice, "a new invitation")
    alice.page.goto("/new-room/")
    alice.page.fill("[name=title]", "👍")
    alice.page.press("[name=title]", "Enter")
    expect(alice.page.locator("#new-title-error")).to_be_visible()
    look_at(alice, "a name that no room can have")
    alice.page.goto(f"/chat/{room}/people/")
    alice.page.locator(".about-do summary").first.click()
    look_at(alice, "what an owner can do")
    _confirm(alice)
    alice.page.goto("/accounts/tokens/")
    alice.page.fill("[name=name]", "backup script")
    alice.page.press("[name=name]", "Enter")
    expect(alice.page.locator("#secret")).to_be_visible()
    look_at(alice, "a new token")
    alice.page.get_by_role("button", name="backup script").first.click()
    look_at(alice, "asked before a token is revoked")
    alice.page.click("#confirm [value=yes]")
    expect(alice.page.get_by_role("status")).to_be_visible()
    look_at(alice, "a revoked token")


def test_what_is_said_when_something_fails(stranger, stack):
    """Drawn by the server, but not brought about: that is tested where it happens."""
    pages = stack.run(RENDER.format(templates=TEMPLATES)).split("<!-- page -->")[1:]
    for template, text in zip(TEMPLATES, pages, strict=True):
        stranger.page.route(
            f"**/{template}", lambda route, _request, text=text: route.fulfill(body=text, content_type="text/html")
        )
        stranger.page.goto(f"/{template}")
        look_at(stranger, template)


def _confirm(one: Person) -> None:
    """The same session may have done so a moment ago, in the test before: then the page asks again all the same."""
    one.page.goto("/accounts/reauthenticate/")
    enter(one, "password", PASSWORD, "**/chat/")
