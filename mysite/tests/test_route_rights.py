"""Who gets what at every address, taken from the urlconf: a new one fails here until it says who may use it."""

import json

import pytest
from django.db import transaction
from django.test import Client

from .routes import BODIES, Route

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

# What each kind of person gets, in this order. The room is private; "staff" is not in it.
KINDS = ["anonymous", "outsider", "member", "moderator", "owner", "staff"]
# "s": has to sign in, "c": has to confirm the password, "+": may, ">": may and is led on, "-": sees nothing there,
# "x": may not, ".": no such method, "?": what others are about to change.
EVERYBODY, SIGNED_IN, MEMBERS, MODERATORS, OWNER = "++++++", "s+++++", "s-+++-", "s-x++-", "s-xx+-"
STAFF = "s----+"
LED_ON, CONFIRMED, VISITORS, NOTHING, NOT_OFFERED = "s>>>>>", "sccccc", "+>>>>>", "s-----", "sxxxxx"

# Address → method → what they get; HEAD is as GET. Methods that are not named do not exist, or do what POST does.
RIGHTS = {
    "index": {"GET": ">>>>>>"},
    "share": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "send_shared": {"POST": NOTHING},
    **dict.fromkeys(("manifest", "service_worker", "offline"), {"GET": EVERYBODY}),
    "rooms": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "room": {"GET": MEMBERS, "POST": MEMBERS},
    "about": {"GET": MEMBERS, "POST": "s->>>-"},
    "room_people": {"GET": MEMBERS, "POST": "s->>>-"},
    "room_files": {"GET": MEMBERS},
    "pins": {"GET": MEMBERS, "POST": "s->>>-"},
    "invited": {"GET": "++>>>+", "POST": LED_ON},
    "search": {"GET": SIGNED_IN},
    "find_direct_message": {"GET": LED_ON},
    "direct_message": {"GET": "s??-??", "HEAD": "s?????", "POST": "s??-??"},
    "directory": {"GET": SIGNED_IN},
    "about_person": {"GET": SIGNED_IN, "POST": LED_ON},
    "about_person_before": {"GET": ">>>>>>", "POST": ">>>>>>"},
    "privacy": {"GET": SIGNED_IN, "POST": LED_ON},
    "own_emoji": {"GET": NOTHING},
    **dict.fromkeys(("picture", "large_picture", "room_picture", "large_room_picture"), {"GET": NOTHING}),
    "report_message": {"GET": "s-++--", "POST": "s-++--"},
    "report_person": {"GET": "s++-++", "POST": "s++-++"},
    "reports": {"GET": SIGNED_IN, "POST": LED_ON},
    "forward": {"GET": MEMBERS, "POST": NOTHING},
    "change_picture": {"POST": "s-->--"},
    "change_room_picture": {"POST": "s-->>-"},
    "file": {"GET": NOTHING},
    "file_text": {"GET": NOTHING},
    "linked_file": {"GET": "------"},  # a link is all that is asked for
    "preview": {"GET": NOTHING},
    "groups": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "group": {"GET": NOTHING, "POST": NOTHING},
    "inbox": {"GET": SIGNED_IN, "POST": LED_ON},
    "unread": {"GET": SIGNED_IN, "POST": LED_ON},
    "new_room": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "deleted_rooms": {"GET": SIGNED_IN, "POST": LED_ON},
    "drafts": {"GET": SIGNED_IN},
    "invitations": {"GET": SIGNED_IN},
    "answer_invitation": {"POST": LED_ON},
    "my_data": {"GET": SIGNED_IN},
    "download_my_data": {"GET": LED_ON, "POST": CONFIRMED},
    "delete_account": {"GET": LED_ON, "POST": CONFIRMED},
    "answer": {"GET": NOTHING},
    "my_usage": {"GET": SIGNED_IN},
    "settings": {"GET": SIGNED_IN, "POST": LED_ON},
    "settings_keys": {"GET": SIGNED_IN, "POST": LED_ON},
    "dismiss_welcome": {"POST": LED_ON},
    "settings_notifications": {"GET": SIGNED_IN, "POST": LED_ON},
    **dict.fromkeys(("remove_device", "test_device", "quiet_hours"), {"POST": LED_ON}),
    "become_owner": {"GET": "------", "POST": "------"},  # a link is all that is asked for
    **dict.fromkeys(("audit_log", "export_audit_log"), {"GET": STAFF}),
    "server_settings": {"GET": STAFF},
    "settings_group": {"GET": "s----c", "POST": "s---->"},
    "account_activity": {"GET": SIGNED_IN},
    "server": {"GET": STAFF},
    "server_people": {"GET": STAFF},
    **dict.fromkeys(("server_jobs", "server_mail", "server_backups"), {"GET": STAFF, "POST": "s---->"}),
    **dict.fromkeys(("server_bots", "server_storage"), {"GET": STAFF}),
    "server_person": {"GET": NOTHING, "POST": "s----c"},  # asked before it is looked up
    "join_server": {"GET": "------", "POST": "------"},  # likewise
    "server_block_list": {"GET": "s----+", "POST": "s---->"},
    "server_timeouts": {"GET": "s----+", "POST": "s---->"},
    "server_invitations": {"GET": "s----+", "POST": "s----+"},
    "server_invitation": {"GET": NOTHING, "POST": NOTHING},
    "setup": {"GET": "s----+"},
    # accounts
    "profile": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "status": {"GET": SIGNED_IN, "POST": "s>>>>>"},
    "email/": {"GET": ">>>>>>", "POST": ">>>>>>"},
    "send_confirmation": {"POST": LED_ON},
    "mail_settings": {"POST": LED_ON},
    "mail_stop": {"GET": "------", "POST": "------"},  # likewise
    "devices": {"GET": SIGNED_IN},
    "connections": {"GET": SIGNED_IN},
    "sso_confirm": {"GET": NOT_OFFERED},  # nobody there came by an issuer
    "disconnect": {"POST": CONFIRMED},
    "sso_start": {"POST": "------"},  # the tests know no issuer
    "sso_callback": {"GET": "------"},
    "sso_logged_out": {"POST": "------"},
    "end_session": {"POST": LED_ON},
    "end_other_sessions": {"POST": LED_ON},
    "tokens": {"GET": SIGNED_IN, "POST": CONFIRMED},
    "revoke_tokens": {"POST": LED_ON},
    "replace_token": {"GET": "s---+-", "POST": CONFIRMED},
    "revoke_token": {"POST": "s--->-"},
    "account_login": {"GET": VISITORS, "POST": VISITORS},
    "account_logout": {"GET": SIGNED_IN, "POST": "ssssss"},
    "account_inactive": {"GET": EVERYBODY},
    "account_signup": {"GET": VISITORS, "POST": VISITORS},
    "account_reauthenticate": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "account_request_reauthentication_code": {"GET": NOT_OFFERED, "POST": NOT_OFFERED},
    "account_confirm_reauthentication_code": {"GET": NOT_OFFERED, "POST": NOT_OFFERED},
    "account_email": {"GET": ">>>>>>", "POST": ">>>>>>"},
    "account_email_verification_sent": {"GET": EVERYBODY},
    "account_change_password": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "account_set_password": {"GET": LED_ON, "POST": LED_ON},
    "account_reset_password": {"GET": EVERYBODY, "POST": EVERYBODY},
    "account_reset_password_done": {"GET": EVERYBODY},
    "account_reset_password_from_key": {"GET": EVERYBODY, "POST": EVERYBODY},
    "account_reset_password_from_key_done": {"GET": EVERYBODY},
    "account_confirm_login_code": {"GET": LED_ON, "POST": LED_ON},
    "account_confirm_email": {"GET": EVERYBODY, "POST": "------"},
    "mfa_index": {"GET": SIGNED_IN},
    "mfa_authenticate": {"GET": LED_ON, "POST": LED_ON},
    "mfa_reauthenticate": {"GET": CONFIRMED, "POST": CONFIRMED},
    "mfa_activate_totp": {"GET": CONFIRMED, "POST": CONFIRMED},
    "mfa_deactivate_totp": {"GET": NOTHING, "POST": NOTHING},
    "mfa_view_recovery_codes": {"GET": NOTHING},
    "mfa_generate_recovery_codes": {"GET": CONFIRMED, "POST": CONFIRMED},
    "mfa_download_recovery_codes": {"GET": NOTHING, "POST": NOTHING},
    "mfa_list_webauthn": {"GET": ">>>>>>", "POST": ">>>>>>"},
    "mfa_add_webauthn": {"GET": LED_ON, "POST": LED_ON},
    "mfa_login_webauthn": {"GET": "------", "POST": "------"},  # the tests run at a number, for which there are none
    "mfa_reauthenticate_webauthn": {"GET": CONFIRMED, "POST": CONFIRMED},
    "mfa_edit_webauthn": {"GET": CONFIRMED, "POST": CONFIRMED},
    "mfa_remove_webauthn": {"GET": CONFIRMED, "POST": CONFIRMED},
    # the API
    "api:rooms": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "api:search": {"GET": SIGNED_IN},
    "api:blocks": {"GET": SIGNED_IN},
    "api:block": {"POST": SIGNED_IN},
    "api:unblock": {"POST": SIGNED_IN},
    "api:people": {"GET": SIGNED_IN},
    "api:emoji": {"GET": SIGNED_IN},
    "api:me": {"GET": SIGNED_IN, "PATCH": SIGNED_IN},
    "api:notification_settings": {"GET": SIGNED_IN, "PATCH": SIGNED_IN},
    "api:preferences": {"GET": SIGNED_IN, "PATCH": SIGNED_IN},
    "api:sessions": {"GET": SIGNED_IN, "DELETE": SIGNED_IN},
    "api:session": {"DELETE": NOTHING},
    "api:jump": {"GET": SIGNED_IN},
    "api:members": {"GET": MEMBERS},
    "api:direct": {"POST": SIGNED_IN},
    "api:room": {"GET": MEMBERS, "PATCH": MEMBERS},
    "api:messages": {"GET": MEMBERS, "POST": MEMBERS},
    "api:reactions": {"GET": MEMBERS},
    "api:permissions": {"POST": OWNER},
    "api:files_days": {"POST": OWNER},
    "api:posting": {"POST": MODERATORS},
    "api:block_list": {"GET": MODERATORS, "POST": MODERATORS},
    "api:server_block_list": {"GET": "sxxxx+", "POST": "sxxxx+"},
    "api:timeouts": {"GET": MODERATORS},
    "api:timeout": {"POST": "s-xxx-"},
    "api:lift_timeout": {"POST": MODERATORS},
    "api:server_timeouts": {"GET": "sxxxx+", "POST": "sxxxx+"},
    "api:server_lift_timeout": {"POST": "sxxxx+"},
    "api:slow_mode": {"POST": MODERATORS},
    "api:files": {"GET": MEMBERS, "POST": MEMBERS},
    "api:uploads": {"POST": MEMBERS},
    "api:upload": {"GET": NOTHING, "PATCH": NOTHING, "DELETE": NOTHING},
    "api:own_file": {"PATCH": NOTHING, "DELETE": NOTHING},
    "api:forward": {"POST": NOTHING},
    "api:report_message": {"POST": MEMBERS},
    "api:report_person": {"POST": SIGNED_IN},
    **dict.fromkeys(("api:reports", "api:report_queue"), {"GET": SIGNED_IN}),
    "api:decide_report": {"POST": NOTHING},
    "api:avatar": {"POST": "sxx+xx", "DELETE": "sxx+xx"},
    "api:room_avatar": {"POST": MODERATORS, "DELETE": MODERATORS},
    "api:pins": {"GET": MEMBERS},
    "api:commands": {"POST": MEMBERS},
    "api:online": {"GET": MEMBERS},
    "api:inbox_new": {"GET": SIGNED_IN},
    "api:server_invitations": {"GET": "sxxxx+", "POST": "sxxxx+"},
    "api:mail_server_invitations": {"POST": "sxxxx+"},
    "api:server_invitation": {"GET": "sxxxx-", "DELETE": "sxxxx-"},
    "api:read_all": {"POST": SIGNED_IN},
    "api:restore_unread": {"POST": SIGNED_IN},
    "api:inbox": {"GET": SIGNED_IN},
    "api:inbox_all_done": {"POST": SIGNED_IN},
    "api:inbox_restore": {"POST": SIGNED_IN},
    "api:inbox_done": {"POST": NOTHING},
    "api:inbox_read": {"POST": NOTHING},
    "api:invitations": {"GET": SIGNED_IN},
    "api:accept_invitation": {"POST": NOTHING},
    "api:decline_invitation": {"POST": NOTHING},
    "api:invite": {"POST": MEMBERS},
    "api:invited": {"GET": MEMBERS},
    "api:withdraw": {"POST": NOTHING},
    "api:remove": {"POST": MODERATORS},
    "api:ban": {"POST": MODERATORS, "PATCH": "s-x---"},
    "api:bans": {"GET": MODERATORS},
    "api:unban": {"POST": MODERATORS},
    "api:delete_messages": {"POST": MODERATORS},
    "api:appoint": {"POST": OWNER},
    "api:kind": {"POST": OWNER},
    "api:delete": {"POST": OWNER},
    "api:restore": {"POST": NOTHING},
    "api:deleted_rooms": {"GET": SIGNED_IN},
    "api:rename": {"POST": MODERATORS},
    "api:close": {"POST": MODERATORS},
    "api:reopen": {"POST": MODERATORS},
    "api:level": {"POST": MEMBERS},
    "api:mute": {"POST": MEMBERS},
    "api:unmute": {"POST": MEMBERS},
    "api:star": {"POST": MEMBERS},
    "api:unstar": {"POST": MEMBERS},
    "api:order": {"POST": SIGNED_IN},
    "api:leave": {"POST": MEMBERS},
    "api:": dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), "------"),
    "bot:receipt": {"GET": NOTHING},
    "bot:feedback": {"GET": MEMBERS},
    "bot:give_feedback": {"POST": NOTHING},
    "staff:audit": {"GET": "sxxxx+"},
    "staff:server_settings": {"GET": "sxxxx+", "PATCH": "sxxxxx"},
    "notifications:devices": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "notifications:device_key": {"GET": SIGNED_IN},
    "notifications:device": {"DELETE": NOTHING},
    "notifications:test_device": {"POST": NOTHING},
}


def code_of(answer) -> str:
    where = answer.get("Location", "")
    if answer.status_code == 401 or where.startswith(("/accounts/login/", "/admin/login/")):
        return "s"
    if where.startswith(("/accounts/reauthenticate/", "/accounts/2fa/reauthenticate/")):
        return "c"
    return {403: "x", 404: "-", 405: ".", 302: ">"}.get(answer.status_code, "+")


class Browsers:
    """One browser of each kind of person, which forgets what a request did."""

    def __init__(self, people):
        self._browsers = {kind: Client(raise_request_exception=False) for kind in KINDS}
        for kind, user in people.items():
            self._browsers[kind].force_login(user)

    def code(self, kind: str, method: str, route: Route) -> str:
        browser = self._browsers[kind]
        cookies = browser.cookies.copy()
        body = json.dumps(BODIES.get(route.name, {})) if route.address.startswith("/api/") else ""
        kind_of_body = "application/json" if body else "application/x-www-form-urlencoded"
        sid = transaction.savepoint()
        answer = browser.generic(method, route.address, body, kind_of_body)
        transaction.savepoint_rollback(sid)
        browser.cookies = cookies
        assert answer.status_code < 500, (route.name, method, kind)
        return code_of(answer)


def matrix(routes: list[Route], people, kinds: list[str] = KINDS) -> dict[tuple[str, str], str]:
    """(route, method) → one code for each of `kinds`. DELETE stands for all methods that a route does not name."""
    browsers = Browsers(people)
    return {
        (route.name, method): "".join(browsers.code(kind, method, route) for kind in kinds)
        for route in routes
        for method in (["POST"] if route.in_admin else {"GET", "HEAD", "POST", "DELETE", *RIGHTS[route.name]})
    }


def as_expected(codes: str, rights: dict, method: str) -> bool:
    expected = rights.get(method) or (rights.get("GET") if method == "HEAD" else None)
    if expected is not None:
        return all(code == wanted or wanted == "?" for code, wanted in zip(codes, expected, strict=True))
    like_post = rights.get("POST", "......")
    return all(code in ".s-" or code in (post, ">") for code, post in zip(codes, like_post, strict=True))


def is_in(part: str, route: Route) -> bool:
    prefix = "/" + route.address.split("/")[1]
    return prefix == part or (part == "/" and prefix not in ("/admin", "/accounts", "/api"))


def test_every_address_says_who_may_use_it(routes):
    assert {route.name for route in routes if not route.in_admin} == RIGHTS.keys()


@pytest.mark.parametrize("part", ["/", "/accounts", "/api"])
def test_who_may_what(routes, people, tried, part):
    found = matrix([route for route in routes if is_in(part, route)], people)
    wrong = {
        f"{method} {name}": codes
        for (name, method), codes in found.items()
        if not as_expected(codes, RIGHTS[name], method)
    }
    assert wrong == {}
    tried(f"cells of rights below {part}", len(found) * len(KINDS))


def test_the_admin_is_for_staff(routes, people, tried):
    found = matrix([route for route in routes if route.in_admin], people, ["anonymous", "owner", "staff"])
    let_in = {"admin:login": "sx", "admin:logout": ">>"}  # whom they concern, or tell who is signed in
    for (name, method), codes in found.items():
        assert codes[:-1] == let_in.get(name, "ss"), (name, method, codes)
    tried("cells of rights in the admin", len(found) * 3)
