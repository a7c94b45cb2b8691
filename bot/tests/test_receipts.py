"""How a reply was made, as its readers may see it; and a worker that runs on its own."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.db import connection

from bot.models import Run
from e2e.model_server import Reply as Model
from mysite.tests.waiting import PATIENCE
from rooms.kernel.db_executor import run_db
from rooms.models import Message
from rooms.services import bot_replies, membership

from .conftest import answered, until, working


def receipt(client, user, room, message_id):
    client.force_login(user)
    return client.get(f"/api/rooms/{room.name}/messages/{message_id}/receipt")


@pytest.mark.django_db(transaction=True)
async def test_the_receipt_says_how_it_came_about(model, say, alice, bob, bot, room, client):
    bot.price_in, bot.price_out = 1.0, 2.0
    await run_db(bot.save)
    fact = await run_db(say, bob, "The deploy is on Friday.")
    model.next(Model("", calls=[("search_room", {"words": "deploy"})]), Model("Friday."), Model("Still Friday."))
    async with working():
        question = await run_db(say, alice, "@bot when?")
        first = await answered(question)
        await run_db(bot_replies.retry, alice, room.name, first.message_id)
        await until(Run.objects.filter(question=question, message__text="Still Friday.", state="done").first)
    found = (await run_db(receipt, client, bob, room, first.message_id)).json()
    assert (found["state"], found["model"], found["question"], found["bot"]) == (
        "done",
        "gpt-5-mini",
        question.id,
        "bot",
    )
    assert found["read"] == [fact.id, question.id] and found["versions"][0]["text"] == "Friday."
    tokens = found["tokens"]
    assert found["cost"] == pytest.approx((tokens["in"] + 2 * tokens["out"]) / 1e6) and tokens["in"] > 0
    assert 0 <= found["first_token_ms"] <= found["total_ms"] and found["attempts"] == 1 and found["read_in"] == "lobby"
    assert first.tools == [{"name": "search_room", "arguments": {"words": "deploy"}, "found": 1}]


@pytest.mark.django_db
def test_what_has_no_price_costs_nothing_that_is_known(bot):
    assert bot.cost(1000, 0, 1000) is None
    bot.price_out = 2.0
    assert bot.cost(1_000_000, 0, 500_000) == 1.0
    bot.price_in, bot.price_out = 3.0, None
    assert bot.cost(1_000_000, 0, 500_000) == 3.0


@pytest.mark.django_db
def test_a_receipt_is_for_those_who_may_read_the_reply(say, alice, charlie, client):
    secret = membership.create_room(alice, "Secret", "private")
    reply = Message.objects.get(reply_to=say(alice, "@bot hi", where=secret))
    assert receipt(client, alice, secret, reply.id).status_code == 200
    assert receipt(client, charlie, secret, reply.id).status_code == 404
    assert receipt(client, alice, secret, reply.reply_to_id).status_code == 404
    client.logout()
    assert client.get(f"/api/rooms/{secret.name}/messages/{reply.id}/receipt").status_code == 401


@pytest.mark.django_db(transaction=True)
async def test_a_worker_of_its_own_process_is_killed_and_another_finishes(model, say, alice, bot, tmp_path):
    """kill -9 in the middle of an answer; the lease is shortened here so that nobody waits for it."""
    model.next(Model("half of " * 500, token_delay=0.02))
    process = await run_db(start_worker, model)
    try:
        question = await run_db(say, alice, "@bot hi")
        saved = Message.objects.filter(reply_to=question, text__startswith="half")
        await until(saved.first)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    await run_db(Run.objects.update, lease_until="2020-01-01T00:00:00Z")
    process = await run_db(start_worker, model)
    try:
        run = await until(Run.objects.filter(question=question, state="done").select_related("message").first)
        assert (run.message.text, run.attempts) == ("Hello.", 2)
        process.terminate()
        assert await run_db(process.wait, PATIENCE) == 0
    finally:
        process.kill()


def start_worker(model):
    """`runbot` on the test's database and model."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{found['NAME']}"
    else:
        where = f"{found['HOST'] or ''}:{found['PORT'] or ''}"
        url = f"postgres://{found['USER']}:{found['PASSWORD']}@{where}/{found['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": "test-key"}
    command = [sys.executable, str(django_settings.BASE_DIR / "manage.py"), "runbot"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
