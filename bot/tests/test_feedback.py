"""What people think of answers, and what an answer was made from."""

import json

import pytest

from bot.models import Feedback, Run, RunState
from rooms.models import Membership
from rooms.services import bot_replies, membership, messages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(say, alice):
    """A finished answer to alice."""
    say(alice, "@bot hi")
    run = Run.objects.get()
    bot_replies.update(run.message_id, text="Hello.", state="complete")
    run.state = RunState.DONE
    run.save()
    return run


@pytest.fixture
def give(client, room, run):
    def give(user, message_id=None, **fields):
        client.force_login(user)
        address = f"/api/rooms/{room.name}/messages/{message_id or run.message_id}/feedback"
        return client.post(address, json.dumps(fields), content_type="application/json")

    return give


@pytest.fixture
def mine(client, room):
    def mine(user) -> dict:
        client.force_login(user)
        return client.get(f"/api/rooms/{room.name}/feedback").json()["feedback"]

    return mine


def test_each_has_one_opinion_and_can_change_it(give, mine, run, alice, bob):
    assert give(alice, value="bad", reason=" Too long. ").json() == {"value": "bad"}
    give(bob, value="good")
    assert (mine(alice), mine(bob)) == ({str(run.message_id): "bad"}, {str(run.message_id): "good"})
    assert Feedback.objects.get(user=alice).reason == "Too long."
    assert give(alice, value="bad", reason="a\x00b\nc\x1b").status_code == 200  # no database takes all of it
    assert Feedback.objects.get(user=alice).reason == "ab c"
    give(alice, value="good")
    assert mine(alice) == {str(run.message_id): "good"} and Feedback.objects.get(user=alice).reason == ""
    give(alice, value="none")
    assert mine(alice) == {} and Feedback.objects.count() == 1


def test_what_was_said_of_an_earlier_answer_is_not_said_of_the_new_one(give, mine, run, room, alice):
    give(alice, value="bad")
    bot_replies.retry(alice, room.name, run.message_id)
    assert mine(alice) == {} and Feedback.objects.count() == 1  # staff still count it
    assert give(alice, value="good").status_code == 409  # it is being written


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"value": "great"}, "feedback_value"), ({"value": "bad", "reason": "x" * 301}, "feedback_reason_too_long"),
     ({}, "field_not_text"), ({"value": "good", "more": "x"}, "body_unknown_field")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(give, alice, fields, reason):
    assert give(alice, **fields).json()["reason"] == reason
    assert not Feedback.objects.exists()


def test_only_answers_that_one_can_read(give, client, room, run, alice, bob, say):
    assert give(alice, message_id=say(alice, "no answer").id, value="good").status_code == 404
    Membership.objects.filter(room=room).exclude(user=alice).delete()
    type(room).objects.filter(pk=room.pk).update(kind="private")
    assert give(bob, value="good").status_code == 404
    assert client.get(f"/api/rooms/{room.name}/feedback").status_code == 404
    messages.delete(alice, room.name, run.message_id)
    assert give(alice, value="good").json()["reason"] == "reply_unfinished"


class TestSources:
    @pytest.fixture
    def sources(self, client, room):
        def sources(user, run) -> list[tuple[int, bool]]:
            client.force_login(user)
            found = client.get(f"/api/rooms/{room.name}/messages/{run.message_id}/receipt").json()
            return [(each["id"], each["cited"]) for each in found["sources"]]

        return sources

    def test_what_is_cited_comes_first(self, sources, run, say, alice, bob):
        said = [say(bob, f"**fact** {number}").id for number in range(4)]
        run.read = [run.question_id, *said]
        run.save()
        text = f"So [#{said[1]}](#m{said[1]}) and [#{said[3]}](#m{said[3]}), not [#9999](#m9999)."
        bot_replies.update(run.message_id, text=text, state="complete")
        assert sources(alice, run) == [(said[1], True), (said[3], True), (said[2], False), (said[0], False)]

    def test_they_have_author_time_and_first_words(self, client, room, run, say, alice, bob):
        said = say(bob, "**fact** " + "word " * 60)
        Run.objects.filter(pk=run.pk).update(read=[said.id])
        client.force_login(alice)
        [source] = client.get(f"/api/rooms/{room.name}/messages/{run.message_id}/receipt").json()["sources"]
        assert (source["sender"], source["sender_id"]) == ("bob", bob.id)
        assert source["excerpt"] == ("fact " + "word " * 23).rstrip() + "…"
        assert source["created"].startswith("20")

    def test_those_of_another_room_are_for_its_members(self, sources, run, say, alice, bob):
        """Asked in private what was missed there, a bot has read it; then the reader left."""
        other = membership.create_room(bob, "Other", "private")
        said = say(bob, "a fact", where=other).id
        Run.objects.filter(pk=run.pk).update(reads=other, read=[said])
        assert sources(alice, run) == []
        membership.add_member(other, alice)
        assert sources(alice, run) == [(said, False)]

    def test_what_was_deleted_is_none(self, sources, run, room, say, alice, bob):
        said = say(bob, "a secret").id
        Run.objects.filter(pk=run.pk).update(read=[said])
        messages.delete(bob, room.name, said)
        assert sources(alice, run) == []


def test_staff_read_reasons_of_rooms_that_they_may_enter(give, room, alice, admin_client):
    give(alice, value="bad", reason="Too long.")
    assert "Too long." in admin_client.get("/admin/bot/feedback/").content.decode()
    type(room).objects.filter(pk=room.pk).update(kind="private")
    assert "Too long." not in admin_client.get("/admin/bot/feedback/").content.decode()
