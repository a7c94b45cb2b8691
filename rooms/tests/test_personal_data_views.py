"""The page where somebody downloads their data or deletes their account."""

import asyncio
import io
import json
from zipfile import ZipFile

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.cache import cache
from django.test import AsyncClient, Client
from django.urls import reverse
from redis import Redis

from accounts.models import User
from conftest import PASSWORD, confirm
from rooms.models import Erasure, Message
from rooms.privacy import erasure, personal_data_download
from rooms.services import messages

pytestmark = pytest.mark.django_db
DELETE = {"username": "alice", "messages": "delete"}


@pytest.fixture
def sure(alice):
    """alice's browser, just after she gave her password once more."""
    client = Client()
    client.force_login(alice)
    confirm(client)
    return client


@pytest.fixture
def fresh(settings):
    """No downloads before this one."""
    with Redis.from_url(settings.REDIS_URLS[0]) as redis:
        for key in redis.scan_iter(f"{settings.REDIS_PREFIX}:exports:*"):
            redis.delete(key)


def downloaded(client: Client) -> tuple[dict, object]:
    """data.json and the response, as a web process sends it."""
    browser = AsyncClient()
    browser.cookies = client.cookies

    async def fetch():
        response = await browser.post(reverse("download_my_data"))
        return b"".join([chunk async for chunk in response.streaming_content]), response

    content, response = async_to_sync(fetch)()
    with ZipFile(io.BytesIO(content)) as zip:
        return json.loads(zip.read("alice/data.json")), response


@pytest.mark.django_db(transaction=True)
def test_somebody_downloads_their_data(fresh, sure, alice, lobby):
    messages.post(alice, "lobby", "mine")
    data, response = downloaded(sure)
    assert [message["text"] for message in data["messages"]] == ["mine"]
    assert response["Content-Disposition"] == 'attachment; filename="alice-data.zip"'
    assert "no-store" in response["Cache-Control"]
    assert downloaded(sure)[0]["account"]["user_name"] == "alice"  # the place is free again


def test_one_download_at_a_time_and_not_many_an_hour(fresh, sure, alice, settings):
    address = reverse("download_my_data")
    personal_data_download.acquire_slot(alice.pk)
    refused = sure.post(address, follow=True)
    assert "already being downloaded" in refused.content.decode()
    personal_data_download.release_slot(alice.pk)
    for _time in range(4):
        personal_data_download.acquire_slot(alice.pk)
        personal_data_download.release_slot(alice.pk)
    assert "too often" in sure.post(address, follow=True).content.decode()
    assert cache.get(f"personal-data:{alice.pk}") is None


@pytest.mark.django_db(transaction=True)
def test_a_download_that_is_broken_off_frees_the_place(fresh, alice, lobby):
    async def break_off():
        chunks = personal_data_download.chunks(alice, "en")
        await anext(chunks)
        await chunks.aclose()

    personal_data_download.acquire_slot(alice.pk)
    asyncio.run(break_off())
    personal_data_download.acquire_slot(alice.pk)


@pytest.mark.django_db(transaction=True)
async def test_no_thread_is_held_while_nobody_takes_it(monkeypatch, fresh, alice, lobby):
    """Between two chunks nothing runs: each is read by a call of its own."""
    monkeypatch.setattr("rooms.privacy.personal_data_archive.ROWS_PER_CHUNK", 1)
    calls, real = [], personal_data_download.run_db

    async def counting(function, *args):
        calls.append(function.__name__)
        return await real(function, *args)

    monkeypatch.setattr(personal_data_download, "run_db", counting)
    await sync_to_async(messages.post)(alice, "lobby", "mine")
    pieces = [piece async for piece in personal_data_download.chunks(alice, "en")]
    assert pieces and calls.count("_next") > len(pieces) and calls[-1] == "release_slot"


def test_somebody_deletes_their_account(sure, alice, lobby):
    messages.post(alice, "lobby", "mine")
    answer = sure.post(reverse("delete_account"), DELETE)
    assert answer.url == reverse("account_login")
    assert answer.cookies["gone"].value == str(alice.pk)
    assert "Your account is deleted." in sure.get(answer.url).content.decode()
    assert sure.get("/chat/").status_code == 302
    request = Erasure.objects.get(user=alice)
    assert not request.keep_messages
    assert not Client().login(username="alice", password=PASSWORD)
    while not erasure.is_done(alice.pk):
        erasure.run_next_batch()
    assert Message.objects.get(sender=alice).deleted


def test_their_messages_can_stay(sure, alice):
    sure.post(reverse("delete_account"), DELETE | {"messages": "keep"})
    assert Erasure.objects.get(user=alice).keep_messages


@pytest.mark.parametrize(
    "form",
    [{}, DELETE | {"username": "bob"}, DELETE | {"username": ""}, {"username": "alice"}, DELETE | {"messages": "x"}],
)
def test_who_does_not_type_their_name_deletes_nothing(sure, alice, form):
    answer = sure.post(reverse("delete_account"), form)
    assert answer.status_code == 400 and "errorlist" in answer.content.decode()
    assert not Erasure.objects.exists() and User.objects.get(pk=alice.pk).is_active


def test_the_name_may_be_typed_as_a_mention(sure, alice):
    sure.post(reverse("delete_account"), DELETE | {"username": " @Alice "})
    assert Erasure.objects.filter(user=alice).exists()


def test_the_only_administrator_is_told_what_to_do_first(sure, alice):
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    answer = sure.post(reverse("delete_account"), DELETE)
    assert answer.status_code == 400 and "only administrator" in answer.content.decode()
    assert not Erasure.objects.exists()


def test_it_goes_on_once_the_password_was_asked_for(client, alice):
    client.force_login(alice)
    question = client.post(reverse("delete_account"), DELETE).url
    client.post(question, {"password": PASSWORD, "next": reverse("delete_account")})
    assert Erasure.objects.filter(user=alice).exists()


def test_both_need_a_token_against_forged_requests(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    for name in ("delete_account", "download_my_data"):
        assert client.post(reverse(name), DELETE).status_code == 403
        assert client.get(reverse(name)).url == reverse("my_data")
