"""The page about one answer: what it was made from, how, and what it said before."""

import pytest

from bot.models import Run
from rooms.models import Message
from rooms.services import blocks, bot_replies, membership, messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(say, alice, bot):
    question = say(alice, "@bot when?")
    return Run.objects.get(question=question)


@pytest.fixture
def page(client, room, run):
    def page(user) -> str:
        client.force_login(user)
        return client.get(f"/chat/{room.name}/answers/{run.message_id}/").content.decode()

    return page


def test_it_shows_what_is_cited_and_leads_there(page, run, room, say, alice, bob):
    said = [say(bob, f"**fact** {number}").id for number in range(3)]
    Run.objects.filter(pk=run.pk).update(read=said, model="gpt-5-mini", tokens_in=1200, tokens_out=30, total_ms=4200)
    bot_replies.update(run.message_id, text=f"So [#{said[1]}](#m{said[1]}).", state="complete")
    shown = page(alice)
    assert f'href="/chat/{room.name}/?around={said[1]}#m{said[1]}"' in shown
    assert "fact 1" in shown and "fact 0" not in shown and "and 2 other messages" in shown
    assert "gpt-5-mini" in shown and "1,200 read, 30 written" in shown and "4.2 s" in shown


def test_what_was_looked_up_and_said_before(page, run, alice):
    version = {"text": "**Friday**", "note": ""}
    tools = [{"name": "search_room", "arguments": {"words": "deploy"}, "found": 1}]
    Run.objects.filter(pk=run.pk).update(versions=[version], tools=tools)
    shown = page(alice)
    assert "<strong>Friday</strong>" in shown and "<code>search_room</code> deploy" in shown


def test_nothing_of_a_source_that_is_blocked_or_deleted(page, run, room, say, alice, bob, charlie):
    membership.get_or_join(charlie, room.name)
    kept, gone = say(bob, "a blocked word").id, say(charlie, "a deleted word").id
    Run.objects.filter(pk=run.pk).update(read=[kept, gone])
    blocks.block(alice, "bob")
    messages.delete(charlie, room.name, gone)
    shown = page(alice)
    assert "a blocked word" not in shown and "a deleted word" not in shown
    assert "Message from a person you blocked" in shown


def test_it_is_for_those_who_may_read_the_answer(client, say, alice, charlie):
    secret = membership.create_room(alice, "Secret", "private")
    reply = Message.objects.get(reply_to=say(alice, "@bot hi", where=secret))
    address = f"/chat/{secret.name}/answers/{reply.id}/"
    for user, status in ((alice, 200), (charlie, 404)):
        client.force_login(user)
        assert client.get(address).status_code == status
    client.force_login(alice)
    assert client.get(f"/chat/{secret.name}/answers/{reply.reply_to_id}/").status_code == 404  # no answer


def test_the_panel_gets_it_without_the_frame(client, room, run, alice):
    client.force_login(alice)
    address = f"/chat/{room.name}/answers/{run.message_id}/"
    assert 'id="side"' in client.get(address).content.decode()
    content = client.get(address, headers={"x-panel": "yes"}).content.decode()
    assert 'id="side"' not in content and "panel-content" in content
