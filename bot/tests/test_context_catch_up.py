"""What a bot knows of what somebody missed, and what it reads of another room when it is asked that in private."""

import pytest

from bot.context import prompt_builder
from bot.models import Run
from bot.queue import policy, runs
from rooms.models import Membership
from rooms.services import direct_messages, membership, messages

from .contexts import built, lines

pytestmark = pytest.mark.django_db


def test_what_came_before_the_screen_that_reads_everything_was_not_read(say, alice, bob, room):
    """With nothing new since, the last that they said is where they were: what they see is read at once."""
    said, after = say(alice, "one"), say(bob, "two")
    Membership.objects.filter(room=room, user=alice).update(read_seq=after.first_seq)
    [about] = [line for line in lines(built(say(alice, "@bot hi"))) if isinstance(line, dict)]
    assert about["has_read_up_to"] == said.id


class TestCatchingUpInPrivate:
    """Asked in direct messages with the bot: one room is read, told there alone, and nothing said in that room."""

    @pytest.fixture
    def ask(self, alice, bot):
        direct = direct_messages.get_or_create_direct_message(alice, bot.user.username)

        def ask(text: str) -> Run:
            posted = messages.post(alice, direct.name, text)
            return runs.load(Run.objects.get(question=posted.message_id).pk)

        return ask

    def test_what_was_missed_there_is_read(self, ask, say, alice, bob, room):
        said = say(bob, "The party is on Friday.")
        before = room.messages.count()
        run = ask(f"What did I miss in #{room.name}?")
        found = prompt_builder.build(run, 10_000)
        assert run.reading_room == room and run.is_redirected and run.is_asked_elsewhere
        assert "The party is on Friday." in str(found.prompt.turns) and found.read == [said.id]
        assert f'"title":"{room.title}"' in found.prompt.system.replace('": "', '":"')
        assert room.messages.count() == before and run.message.room_id != room.id

    def test_nothing_else_of_the_direct_messages_is(self, ask, say, bob, room, alice, bot):
        ask("my secret plan")
        say(bob, "hello")
        assert "secret" not in str(prompt_builder.build(ask(f"was habe ich in #{room.name} verpasst?"), 10_000).prompt)

    def test_other_questions_about_a_room_are_none(self, ask, room):
        assert ask(f"was habe ich gestern in #{room.name} gesagt?").reads is None
        assert ask(f"what happened to #{room.name}?").reads is None
        assert ask(f"Was habe ich verpasst in #{room.name}?").reads == room

    def test_a_room_that_one_cannot_read_is_none(self, ask, say, bob):
        hidden = membership.create_room(bob, "Hidden", "private")
        messages.post(bob, hidden.name, "a secret")
        run = ask(f"What did I miss in #{hidden.name}?")
        assert run.reads is None and "a secret" not in str(prompt_builder.build(run, 10_000).prompt)

    def test_nor_one_that_the_bot_may_not(self, ask, say, bob, bot, room):
        other = membership.create_room(bob, "Other", "public")
        bot.rooms.add(other)
        say(bob, "a fact")
        assert ask(f"What did I miss in #{room.name}?").reads is None

    def test_who_has_left_meanwhile_is_told_nothing(self, ask, bob, alice):
        hidden = membership.create_room(bob, "Hidden", "private")
        member = Membership.objects.create(room=hidden, user=alice)
        run = ask(f"What did I miss in #{hidden.name}?")
        assert run.reads == hidden and policy.refusal_reason(run) is None
        member.delete()
        assert policy.refusal_reason(run) == "asker_left_room"

    def test_what_does_not_fit_is_said(self, ask, say, bob, room, monkeypatch):
        for number in range(30):
            say(bob, f"message {number} " + "word " * 50)
        run = ask(f"what did I miss in #{room.name}")
        found = prompt_builder.build(run, 1500)
        assert found.left_out == 30 - len(found.read) > 0
        assert prompt_builder.build(run, 100_000).left_out == 0
        assert not found.left_out_more
        monkeypatch.setattr(prompt_builder, "MAX_COUNTED", 20)
        many = prompt_builder.build(run, 1500)
        assert (many.left_out, many.left_out_more) == (20 - len(many.read), True)
