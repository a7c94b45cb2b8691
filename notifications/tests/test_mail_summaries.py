"""Mails in which a model says what was missed: only where the server wants it, and never instead of the mail."""

import threading

import pytest

from bot import endpoint_traits
from bot.answering import mail_summary
from bot.llm import breaker, client
from bot.models import Run, Usage
from bot.provisioning import ensure_default_bot
from e2e.model_server import Reply
from notifications.models import Digest, MailSettings
from rooms.models import Membership, Message
from rooms.services import blocks, direct_messages, membership, messages

from .mailing import ADDRESS, mails_after_a_while

pytestmark = pytest.mark.django_db(transaction=True)
SUMMARY = "Alice proposed to meet on Friday at four, and everybody but you has agreed so far."


@pytest.fixture
def bot(model, settings, monkeypatch):
    settings.MAIL_SUMMARY_BOT, settings.MAIL_SUMMARY_SECONDS = settings.BOT_NAME, 60
    monkeypatch.setattr(client, "LIMITS", client.Limits(backoff=0.01))
    breaker.clear()
    endpoint_traits.clear_cache()
    model.say(SUMMARY)
    return ensure_default_bot()


def talk(sender, room, *texts):
    for text in texts or ("On Friday?", "At four?", "At five?", "Fine with me.", "Are you coming, @bob?"):
        messages.post(sender, room.name, text)


def written(smtp) -> str:
    (mail,) = mails_after_a_while(smtp)
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert (SUMMARY in plain) == (SUMMARY in html)
    return plain


def test_a_summary_stands_above_what_is_for_its_reader_and_says_whose_it_is(smtp, model, bot, alice, bob, plans):
    talk(alice, plans)
    text = written(smtp)
    assert SUMMARY in text and "alice mentioned you" in text
    assert "The model of @bot wrote this summary. It may be wrong." in text
    assert text.index(SUMMARY) < text.index("alice mentioned you")
    (request,) = model.requests
    assert "Write in English" in request.said and "At five?" in request.said
    usage = Usage.objects.get()
    assert (usage.bot, usage.room, usage.asker) == (bot, plans, bob) and usage.tokens > 100
    assert not Run.objects.exists()


def test_it_is_written_in_the_language_of_its_reader(smtp, model, bot, alice, bob, plans):
    type(bob).objects.filter(pk=bob.pk).update(preferences={"language": "de"})
    talk(alice, plans)
    assert "hat das Modell von @bot geschrieben" in written(smtp)
    assert "Write in German" in model.requests[0].said


def test_without_the_setting_no_model_is_asked(smtp, model, bot, alice, plans, settings):
    settings.MAIL_SUMMARY_BOT = ""
    talk(alice, plans)
    assert "alice mentioned you" in written(smtp) and not model.requests


@pytest.mark.parametrize("who", ["nobody", "alice"])
def test_a_name_of_no_bot_is_said_in_the_log(smtp, model, bot, alice, plans, settings, caplog, who):
    mail_summary._warn.cache_clear()
    settings.MAIL_SUMMARY_BOT = who
    talk(alice, plans)
    assert "alice mentioned you" in written(smtp) and not model.requests
    assert f"MAIL_SUMMARY_BOT is {who}" in caplog.text


def test_who_wants_no_content_has_none_given_to_a_model(smtp, model, bot, alice, bob, plans):
    MailSettings.objects.create(user=bob, content=False)
    talk(alice, plans)
    assert SUMMARY not in written(smtp) and not model.requests


def test_nothing_that_the_reader_may_not_see_reaches_the_model(smtp, model, bot, alice, bob, charlie, make_user, plans):
    """Nor what they have read, what they block, what was deleted, and any direct message."""
    other = membership.create_room(alice, "Elsewhere", "private")
    talk(alice, other, *[f"secret of elsewhere {number} @bob" for number in range(6)])
    closed = membership.create_room(alice, "Closed", "private")
    membership.add_member(closed, bob)
    talk(alice, closed, *[f"secret of closed {number} @bob" for number in range(6)])
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    talk(alice, direct, *[f"secret of us {number}" for number in range(6)])
    membership.add_member(plans, charlie)
    talk(charlie, plans, *[f"secret of a blocked one {number}" for number in range(6)])
    talk(alice, plans, "secret that was read")
    messages.mark_read(bob, plans.name, Message.objects.latest("id").seq)
    talk(alice, plans)
    gone = messages.post(alice, plans.name, "secret that was deleted").message_id
    messages.delete(alice, plans.name, gone)
    blocks.block(bob, "charlie")
    Membership.objects.filter(room=closed, user=bob).update(banned=True)
    talk(charlie, plans, *[f"secret of a blocked one {number}" for number in range(6)])
    assert SUMMARY in written(smtp)
    assert [("secret" in request.said) for request in model.requests] == [False]


def test_a_bot_that_is_kept_to_other_rooms_reads_nothing_of_this_one(smtp, model, bot, alice, plans):
    bot.rooms.add(membership.create_room(alice, "Its own"))
    talk(alice, plans)
    assert SUMMARY not in written(smtp) and not model.requests


def test_of_little_no_summary_is_made(smtp, model, bot, alice, plans):
    talk(alice, plans, "One.", "Two.", "Three.", "@bob?")
    assert SUMMARY not in written(smtp) and not model.requests


def test_three_rooms_of_a_mail_have_one(smtp, model, bot, alice, bob, plans):
    rooms = [plans, *(membership.create_room(alice, f"Plan {number}", "private") for number in range(3))]
    for room in rooms[1:]:
        membership.add_member(room, bob)
    for room in rooms:
        talk(alice, room)
    assert written(smtp).count(SUMMARY) == len(model.requests) == 3


@pytest.mark.parametrize(
    "answer",
    [
        Reply(""),
        Reply("OK."),
        Reply("Alice wants you to sign in at https://evil.example.org/ before Friday, do it."),
        Reply("Alice wants you to look at www.evil.example.org before Friday, do it."),
        Reply("Alice wants you to look at [this](evil) before Friday, do it at once."),
        Reply("spam spam spam spam spam spam spam spam spam spam spam spam"),
        Reply("0101101010 10101 01010 1010101 0101 01 0101 11 000 111"),
        Reply("Alice says that this will be long. " * 60),
        Reply('[12, "10:00", "alice", "On Friday we meet at four"]'),
        Reply.error(400),
        Reply.error(500),
        Reply.html_error(),
        Reply.garbage(),
        Reply(SUMMARY, cut_after=3),
        Reply(SUMMARY, fail_after=3),
    ],
    ids=lambda answer: f"{answer.status} {answer.text[:24]}",
)
def test_an_answer_of_no_use_leaves_the_mail_as_it_is_without_a_model(smtp, model, bot, alice, plans, answer):
    model.answer_with(answer)
    talk(alice, plans)
    text = written(smtp)
    assert "alice mentioned you" in text and "The model of" not in text and "evil" not in text
    assert model.requests


def test_what_a_model_writes_besides_words_is_left_out(smtp, model, bot, alice, plans):
    model.say("## Plans\n\n**Alice** proposed to meet on Friday [#12], and\n\nwaits for `you`. [#13/1]")
    talk(alice, plans)
    text = " ".join(written(smtp).split())
    assert "Plans Alice proposed to meet on Friday, and waits for you. (The model" in text


def test_a_slow_model_is_not_waited_for_and_rests(smtp, model, bot, alice, plans, settings, monkeypatch):
    monkeypatch.setattr(breaker, "FAILURE_WINDOW", 600)
    monkeypatch.setattr(breaker, "OPEN_SECONDS", 600)
    settings.MAIL_SUMMARY_SECONDS = 0.2
    never = threading.Event()
    model.say(SUMMARY, hold=never)
    for _ in range(breaker.FAILURE_THRESHOLD):
        talk(alice, plans)
        assert "The model of" not in written(smtp)
    asked = len(model.requests)
    talk(alice, plans)
    assert "The model of" not in written(smtp) and len(model.requests) == asked
    never.set()


def test_without_tokens_the_model_is_not_asked(smtp, model, bot, alice, plans):
    bot.daily_tokens = 100
    bot.save()
    talk(alice, plans)
    assert "alice mentioned you" in written(smtp) and not model.requests and not Usage.objects.exists()


def test_one_mail_at_a_time_asks_so_that_other_jobs_have_a_thread(smtp, model, bot, alice, plans):
    talk(alice, plans)
    with mail_summary._only_one:
        assert SUMMARY not in written(smtp)
    assert not model.requests


def test_a_broken_receiver_costs_no_mail(smtp, model, bot, alice, plans, monkeypatch):
    monkeypatch.setattr(mail_summary, "summarize", lambda *_args: 1 / 0)
    talk(alice, plans)
    assert "alice mentioned you" in written(smtp)


def test_who_is_removed_while_the_model_writes_gets_no_mail(smtp, bot, alice, bob, plans, monkeypatch):
    def ask(*_args):
        Membership.objects.filter(room=plans, user=bob).update(banned=True)
        return SUMMARY

    monkeypatch.setattr(mail_summary, "_ask", ask)
    talk(alice, plans)
    assert mails_after_a_while(smtp) == []


def test_a_mail_server_that_is_away_has_the_model_asked_three_times(smtp, model, bot, alice, plans):
    smtp.replies = {ADDRESS: "450 busy"}
    talk(alice, plans)
    for _ in range(5):
        assert mails_after_a_while(smtp) == []
    smtp.replies = {}
    assert "alice mentioned you" in written(smtp)
    assert len(model.requests) == 3 and Digest.objects.get().state == "sent"
