"""Signing up, in and out, the password, the profile, tokens: as a browser does it."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Token, User
from accounts.security.authentication import get_token_user
from conftest import PASSWORD, confirm

pytestmark = pytest.mark.django_db
NEW = {"username": "dora", "password1": "many horses 7", "password2": "many horses 7"}


@pytest.fixture(autouse=True)
def fresh_limits(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.EMAIL_HOST = "mail.example.org"  # where mails go is decided by the test runner
    cache.clear()


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    return client


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), NEW | changes)


# --- signing up ---


def test_signing_up_needs_a_name_and_a_password_and_signs_in(client):
    answer = sign_up(client)
    assert (answer.status_code, answer.url) == (302, "/chat/")
    assert client.session["_auth_user_id"] == str(User.objects.get(username="dora").id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "x"}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": "a/b"}, "username"),
        ({"username": ".dot"}, "username"),
        ({"username": "ends."}, "username"),
        ({"username": "ümlaut"}, "username"),
        ({"username": "x" * 33}, "username"),
        ({"username": "alice\n"}, "username"),
        ({"username": "everyone"}, "username"),
        ({"username": "System"}, "username"),
        ({"username": "Bot"}, "username"),
        ({"username": "admin"}, "username"),
        ({"username": "Moderator_"}, "username"),
        ({"username": "r.o.o.t"}, "username"),
        ({"username": "Round-Table"}, "username"),
        ({"username": "bot_"}, "username"),
        ({"username": "b.o-t"}, "username"),
        ({"username": "ALICE"}, "username"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "12345678", "password2": "12345678"}, "password1"),
        ({"password1": "password", "password2": "password"}, "password1"),
        ({"password2": "different"}, "password2"),
        ({"email": "no address"}, "email"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_makes_nobody(client, alice, changes, field):
    answer = sign_up(client, **changes)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert f'id="id_{field}_error"' in answer.content.decode()
    if "username" in changes and changes["username"].strip().lower() == "alice":
        return
    assert User.objects.filter(is_bot=False).count() == 1


def test_signing_up_with_a_known_address_is_answered_like_any_other(client, alice):
    EmailAddress.objects.create(user=alice, email="alice@example.org", verified=True, primary=True)
    known = sign_up(client, email="alice@example.org")
    client.logout()
    unknown = sign_up(client, username="erin", email="erin@example.org")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url) == (302, "/chat/")


def test_two_who_take_a_name_at_the_same_moment_get_one_account_and_a_sentence(client, monkeypatch):
    sign_up(client)
    client.logout()
    monkeypatch.setattr("accounts.adapter.AccountAdapter.clean_username", lambda self, name, shallow=False: name)
    answer = client.post(reverse("account_signup"), NEW | {"username": "Dora"}, follow=True)
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert "has just been taken" in answer.content.decode()
    assert User.objects.filter(username__iexact="dora").count() == 1


def test_a_closed_server_makes_no_accounts(client, settings):
    settings.OPEN_SIGNUP = False
    assert "Sign-up is closed" in client.get(reverse("account_signup")).content.decode()
    sign_up(client)
    assert not User.objects.filter(username="dora").exists()
    assert "Create account" not in client.get(reverse("account_login")).content.decode()


# --- signing in and out ---


@pytest.mark.parametrize("name", ["alice", "ALICE", " Alice "])
def test_signing_in_does_not_mind_capitals(client, alice, name):
    answer = client.post(reverse("account_login"), {"login": name, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/chat/")


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client, alice):
    pages = []
    for name in ("alice", "nobody"):
        answer = client.post(reverse("account_login"), {"login": name, "password": "wrong"})
        assert answer.status_code == 200
        page = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        pages.append(page.replace(f'value="{name}"', ""))
    assert pages[0] == pages[1]
    assert "Wrong user name or password" in pages[0]


def test_the_session_gets_a_new_key_at_sign_in(client, alice):
    visitor = client.session
    visitor["seen"] = True
    visitor.save()
    client.cookies["sessionid"] = visitor.session_key
    client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD})
    assert client.session.session_key != visitor.session_key


def test_no_script_reads_the_cookie_that_signs_in_and_no_other_site_sends_it(client, alice):
    client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_whoever_is_deactivated_is_signed_out_of_pages_and_the_api(signed_in, alice):
    assert signed_in.get("/api/rooms").status_code == 200
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert signed_in.get("/api/rooms").status_code == 401
    assert signed_in.get(reverse("profile")).status_code == 302


def test_a_key_rotation_with_fallbacks_keeps_pages_and_the_api_signed_in(signed_in, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the new key"
    assert signed_in.get("/api/rooms").status_code == 200
    assert signed_in.get(reverse("profile")).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert signed_in.get(reverse("profile")).status_code == 200  # the session was signed anew


def test_after_five_failures_the_sixth_try_waits(client, alice):
    for _ in range(5):
        client.post(reverse("account_login"), {"login": "alice", "password": "wrong"})
    answer = client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD})
    assert answer.status_code == 200
    assert "Wait five minutes" in answer.content.decode()


def test_too_many_sign_ins_from_one_address_get_a_page_in_words(client, settings):
    answers = [client.post(reverse("account_login"), {"login": f"n{i}", "password": "x"}) for i in range(31)]
    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].content.decode()


@pytest.mark.parametrize(
    ("proxies", "claimed", "status"),
    [
        (0, "203.0.113.{}", 429),  # nobody may say for themselves where they are
        (1, "203.0.113.{}", 200),  # each is somebody else, says the proxy
        (1, "198.51.100.{}, 203.0.113.1", 429),  # what the visitor wrote stands before what the proxy added
    ],
)
def test_an_address_is_believed_from_the_trusted_proxy_alone(client, settings, proxies, claimed, status):
    settings.TRUSTED_PROXY_COUNT = proxies
    answers = [
        client.post(
            reverse("account_login"),
            {"login": f"n{i}", "password": "x"},
            headers={"X-Forwarded-For": claimed.format(i)},
        )
        for i in range(31)
    ]
    assert answers[-1].status_code == status


def test_a_bot_cannot_sign_in(client, bot_user):
    answer = client.post(reverse("account_login"), {"login": bot_user.username, "password": ""})
    assert "_auth_user_id" not in client.session
    assert answer.status_code == 200


def test_somebody_deactivated_is_told_so_and_not_let_in(client, make_user):
    make_user("erin", is_active=False)
    answer = client.post(reverse("account_login"), {"login": "erin", "password": PASSWORD}, follow=True)
    assert "_auth_user_id" not in client.session
    assert "This account is deactivated" in answer.content.decode()


def test_sign_in_leads_back_but_never_to_another_site(client, alice):
    form = {"login": "alice", "password": PASSWORD}
    assert client.post("/accounts/login/?next=/chat/lobby/", form | {"next": "/chat/lobby/"}).url == "/chat/lobby/"
    client.logout()
    assert client.post("/accounts/login/", form | {"next": "https://evil.example/"}).url == "/chat/"


def test_signing_out_asks_first_and_needs_a_post(signed_in):
    assert signed_in.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in signed_in.session
    assert signed_in.post(reverse("account_logout")).url == "/accounts/login/"
    assert "_auth_user_id" not in signed_in.session


@pytest.mark.parametrize("page", ["account_login", "account_signup", "account_logout", "account_change_password"])
def test_every_form_needs_the_csrf_token(alice, page):
    strict = Client(enforce_csrf_checks=True)
    if page in ("account_logout", "account_change_password"):
        strict.force_login(alice)
    assert strict.post(reverse(page), {}).status_code == 403


# --- a forgotten password ---


def test_a_reset_is_answered_alike_and_only_known_addresses_get_a_link(client, alice):
    EmailAddress.objects.create(user=alice, email="alice@example.org", primary=True)
    known = client.post(reverse("account_reset_password"), {"email": "alice@example.org"}, follow=True)
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert known.content == unknown.content
    links = re.findall(r"http://\S+/password/reset/key/\S+", "".join(message.body for message in mail.outbox))
    assert len(links) == 1
    page = client.get(links[0], follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password1": "third horse 9", "password2": "third horse 9"})
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("third horse 9")
    assert "This link no longer works" in client.get(links[0], follow=True).content.decode()


def test_capitals_in_an_address_of_the_profile_keep_nobody_from_a_reset(signed_in, alice):
    confirm(signed_in)
    form = {"status": "", "email": "Alice@Example.org", "theme": "system", "language": "en"}
    assert signed_in.post(reverse("profile"), form).status_code == 302
    Client().post(reverse("account_reset_password"), {"email": "Alice@Example.org"})
    assert "/password/reset/key/" in mail.outbox[-1].body
    assert mail.outbox[-1].to == ["alice@example.org"]


def test_capitals_in_an_address_that_an_administrator_wrote_keep_nobody_from_a_reset(db):
    User.objects.create_superuser("dora", "Dora@Example.org", PASSWORD)
    Client().post(reverse("account_reset_password"), {"email": "dora@example.org"})
    assert "/password/reset/key/" in mail.outbox[0].body


# --- the profile ---


def test_the_profile_keeps_status_and_address(signed_in, alice):
    confirm(signed_in)
    form = {"status": "on holiday", "email": "a@example.org", "theme": "system", "language": "en"}
    assert signed_in.post(reverse("profile"), form).status_code == 302
    alice.refresh_from_db()
    assert (alice.status, alice.email) == ("on holiday", "a@example.org")
    assert list(EmailAddress.objects.values_list("user", "email", "primary")) == [(alice.id, "a@example.org", True)]
    signed_in.post(reverse("profile"), form | {"email": "b@example.org"})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["b@example.org"]
    signed_in.post(reverse("profile"), form | {"email": ""})
    assert not EmailAddress.objects.exists()


def test_a_status_is_kept_in_normal_form(signed_in, alice):
    form = {"status": "au Cafe\u0301", "email": "", "theme": "system", "language": "en"}
    signed_in.post(reverse("profile"), form)
    alice.refresh_from_db()
    assert alice.status == "au Café"


def test_saving_the_profile_touches_nothing_else(signed_in, alice):
    page = signed_in.get(reverse("profile"))
    User.objects.filter(pk=alice.id).update(is_staff=True)
    form = {"status": "x", "email": "", "theme": "dark", "language": "de", "is_superuser": "on", "username": "root"}
    signed_in.post(reverse("profile"), form)
    alice.refresh_from_db()
    assert page.status_code == 200
    assert (alice.is_staff, alice.is_superuser, alice.username) == (True, False, "alice")


def test_theme_and_language_are_kept_in_the_browser(signed_in):
    form = {"status": "", "email": "", "theme": "dark", "language": "de"}
    signed_in.post(reverse("profile"), form)
    page = signed_in.get(reverse("profile")).content.decode()
    assert 'data-theme="dark"' in page
    assert '<html lang="de"' in page
    signed_in.post(reverse("profile"), form | {"theme": "system", "language": "en"})
    assert "data-theme" not in signed_in.get(reverse("profile")).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "x" * 81), ("theme", "neon"), ("language", "xx"), ("email", "nothing")],
)
def test_an_impossible_profile_is_refused(signed_in, alice, field, value):
    form = {"status": "", "email": "", "theme": "system", "language": "en"}
    answer = signed_in.post(reverse("profile"), form | {field: value})
    assert answer.status_code == 400
    assert field in answer.context["form"].errors


@pytest.mark.parametrize("char", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_neither_a_status_nor_a_tokens_name_turns_other_words_around(signed_in, alice, char):
    confirm(signed_in)
    form = {"status": f"a{char}b", "email": "", "theme": "system", "language": "en"}
    answer = signed_in.post(reverse("profile"), form)
    assert "hidden characters" in answer.content.decode()
    answer = signed_in.post(reverse("tokens"), {"name": f"a{char}b", "scope": "read", "days": "7"})
    assert "hidden characters" in answer.content.decode()
    alice.refresh_from_db()
    assert (alice.status, Token.objects.count()) == ("", 0)


@pytest.mark.parametrize("text", ["שלום", "مرحبا", "a\u200fb", "👩\u200d👩\u200d👧"])
def test_scripts_that_are_written_from_the_right_are_no_fault(signed_in, alice, text):
    form = {"status": text, "email": "", "theme": "system", "language": "en"}
    assert signed_in.post(reverse("profile"), form).status_code == 302
    alice.refresh_from_db()
    assert alice.status == text


def test_a_status_is_text(signed_in):
    form = {"status": "<script>alert(1)</script>", "email": "", "theme": "system", "language": "en"}
    signed_in.post(reverse("profile"), form)
    assert "<script>alert" not in signed_in.get(reverse("profile")).content.decode()


# --- tokens ---


def test_a_token_is_shown_once_works_and_can_be_revoked(signed_in, alice):
    confirm(signed_in)
    made = signed_in.post(reverse("tokens"), {"name": "backup", "scope": "full", "days": "90"})
    secret = re.search(r'value="(rt_[\w-]+)"', made.content.decode())[1]
    assert get_token_user(secret) == alice
    assert "no-store" in made["Cache-Control"]
    page = signed_in.get(reverse("tokens")).content.decode()
    assert "backup" in page
    assert secret not in page
    signed_in.post(reverse("revoke_token", args=[Token.objects.get().id]))
    assert get_token_user(secret) is None


def test_nobody_revokes_the_token_of_another(signed_in, bob):
    token, secret = Token.issue(bob, "bobs")
    assert signed_in.post(reverse("revoke_token", args=[token.id])).status_code == 404
    assert signed_in.get(reverse("revoke_token", args=[token.id])).status_code == 405
    assert get_token_user(secret) == bob
    assert "bobs" not in signed_in.get(reverse("tokens")).content.decode()


def test_there_is_a_limit_of_tokens(signed_in, alice):
    confirm(signed_in)
    for number in range(20):
        Token.issue(alice, str(number))
    answer = signed_in.post(reverse("tokens"), {"name": "one more"})
    assert answer.status_code == 400
    assert Token.objects.count() == 20


@pytest.mark.parametrize("page", ["profile", "tokens"])
def test_these_pages_are_for_people_signed_in(client, page):
    answer = client.get(reverse(page))
    assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={reverse(page)}")


def test_the_command_prints_a_token(alice, capsys):
    call_command("token", "ALICE", "--name", "cron")
    assert get_token_user(capsys.readouterr().out.strip()) == alice
    assert Token.objects.get().name == "cron"
    with pytest.raises(CommandError, match="No user is called 'nobody'"):
        call_command("token", "nobody")


def test_no_account_page_carries_inline_script_or_style(signed_in, client):
    for name in ("profile", "tokens", "account_change_password", "account_logout"):
        page = signed_in.get(reverse(name)).content.decode()
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page), name
    client.logout()
    for name in ("account_login", "account_signup", "account_reset_password"):
        page = client.get(reverse(name)).content.decode()
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page), name
