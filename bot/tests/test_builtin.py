"""What a bot can do without a model, and catching up."""

import pytest

from bot.answering import builtin
from bot.models import Run
from bot.queue.runs import load
from rooms.kernel.db_executor import run_db
from rooms.models import Message, MessageState
from rooms.services import direct_messages, membership, messages
from rooms.text.markup import render

from .conftest import answered, until, working


@pytest.fixture
def told(say):
    """told(user, text) → what the bot says to it."""

    def tell(user, text, **where):
        return builtin.answer(load(Run.objects.get(question=say(user, text, **where)).pk))

    return tell


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["@bot help", "@bot", "Help, @bot!", "@bot what can you do?"])
def test_help_says_what_it_can(told, alice, text):
    assert "**find**" in told(alice, text) and "OPENAI_BASE_URL" in told(alice, text)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["@bot who is here?", "who's online, @bot?", "@bot who is in this room"])
def test_who_is_here(told, alice, text):
    assert told(alice, text) == "2 people are members of this room: alice, bob."


@pytest.mark.django_db
def test_find_words_of_this_room_only(told, say, alice, bob):
    hit = say(bob, "The deploy is on *Friday*")
    say(bob, "deploy", where=membership.create_room(bob, "Elsewhere"))
    assert told(alice, "@bot find deploy FRIDAY") == (
        f"Found for `deploy FRIDAY`, newest first:\n\n- **bob**: The deploy is on \\*Friday\\* [#{hit.id}]"
    )
    assert told(alice, "@bot find Saturday") == "I found nothing in this room for `Saturday`."
    assert told(alice, "@bot find") == "Find what? Write: **find** *words*"


@pytest.mark.parametrize("words", ["[x](https://evil.example)", "https://evil.example", "**x**", "`x` <b>"])
def test_what_was_searched_is_shown_as_words_of_who_searched(told, alice, words):
    """A bot's answer has authority: nobody may have it say what looks like its own words, links or mentions."""
    html = render(told(alice, f"@bot find {words}")).html({})
    assert "<a " not in html and "<strong>" not in html and "<code>" in html


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("digits", [20, 190])
async def test_a_number_that_is_searched_keeps_no_answer_from_its_end(say, alice, digits):
    """It looks like the number of a message, and no database takes it."""
    words = f"[#{'9' * digits}]"
    async with working():
        run = await answered(await run_db(say, alice, f"@bot find {words}"))
    assert (run.state, run.attempts, run.read) == ("done", 1, [])
    assert words in run.message.text


@pytest.mark.parametrize(
    "text",
    [
        "@bot catch me up", "hey @bot, catch me up", "@bot can you catch me up?", "@bot Please catch me up!",
        "catch me up @bot", "Catch me up, please. Thanks @bot!", "@bot catch me up on this room",
        "@bot, bring mich bitte auf den Stand", "Kannst du mich kurz auf den neuesten Stand bringen, @bot?",
    ],
)  # fmt: skip
def test_who_asks_to_be_caught_up(text):
    assert builtin.asks_to_catch_up(text)


@pytest.mark.parametrize(
    "text",
    [
        "@bot don't catch me up", "@bot can you catch Bob up?", "@bot what does “catch me up” do?", "@bot you",
        "@bot catch me up on the deploy and tell everybody", "@bot did she catch me up?", "@bot bring mich nach Hause",
        "> catch me up\n\n@bot what is that?", "@bot catch me upstairs", "@bot",
    ],
)  # fmt: skip
def test_who_does_not(text):
    assert not builtin.asks_to_catch_up(text)


@pytest.mark.django_db
def test_what_did_i_miss(told, say, alice, bob, room):
    assert told(alice, "@bot what did I miss?") == "You have missed nothing here."
    news = say(bob, "Cake at 3!")
    assert told(alice, "@bot what did I miss?") == (
        f"1 message by 1 person since you were last here. They are:\n\n- **bob**: Cake at 3! [#{news.id}]"
    )


@pytest.mark.django_db
def test_a_screen_that_marks_everything_as_read_hides_nothing(told, say, alice, bob, room):
    say(alice, "Bye!")
    say(bob, "Cake at 3!")
    room.refresh_from_db()
    messages.mark_read(alice, room.name, room.seq)
    assert "Cake at 3!" in told(alice, "@bot what did I miss?")


@pytest.mark.django_db(transaction=True)
async def test_catch_me_up_is_told_to_the_asker_alone(say, alice, bob, bot, room):
    for_me = await run_db(say, bob, "@alice can you come at 3?")
    liked = await run_db(say, bob, "Cake!")
    await run_db(messages.react, alice, room.name, liked.id, "👍")
    async with working():
        question = await run_db(say, alice, "@bot catch me up")
        run = await answered(question)
    direct = await run_db(direct_messages.get_or_create_direct_message, alice, "bot")
    assert run.message.room_id == direct.id and run.message.reply_to_id is None
    text = run.message.text
    for part in ("2 messages by 1 person", "For you:", "Unanswered questions:", "Most liked:", "bob 2"):
        assert part in text
    assert f"[#{for_me.id}](/chat/lobby/#m{for_me.id})" in text and f"#m{liked.id}" in run.message.html
    said = await run_db(Message.objects.get, reply_to=question)
    assert (said.state, "Cake" in said.text) == (MessageState.COMPLETE, False) and "/dm/bot/" in said.text
    with pytest.raises(Exception, match="no such room"):
        await run_db(membership.get_visible_room, bob.id, direct.name)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("asked", ["@bot catch me up, please", "hey @bot, can you catch me up?"])
async def test_a_model_catches_up_on_what_was_missed_and_nothing_else(asked, model, say, alice, bob, room):
    await run_db(say, bob, "OLD-NEWS")
    await run_db(say, alice, "Bye!")
    news = await run_db(say, bob, "Cake at 3!")
    await run_db(say, bob, "SECRET", where=await run_db(membership.create_room, bob, "Other", "private"))
    model.say(f"Bob has cake [#{news.id}].")
    async with working():
        run = await answered(await run_db(say, alice, asked))
    assert run.message.text == f"Bob has cake [#{news.id}](/chat/lobby/#m{news.id})."
    asked = model.requests[0].said
    assert "Cake at 3!" in asked and "OLD-NEWS" not in asked and "SECRET" not in asked


@pytest.mark.django_db(transaction=True)
async def test_a_deleted_question_stops_what_is_told_aside(model, say, alice, bob, room):
    model.say("word " * 1000, token_delay=0.01)
    async with working():
        question = await run_db(say, alice, "@bot catch me up")
        await until(Run.objects.filter(question=question, state="running", room__kind="direct").first)
        await run_db(messages.delete, alice, room.name, question.id)
        run = await answered(question)
    assert (run.state, run.message.state) == ("stopped", MessageState.STOPPED)
