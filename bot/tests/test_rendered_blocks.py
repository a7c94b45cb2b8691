"""Blocks of an answer that are rendered while the rest is written."""

import json
import threading

import pytest

from bot.answering.reply_stream import ReplyStream
from bot.models import Run
from bot.queue import runs
from e2e.model_server import Reply as Model
from rooms.kernel import signals
from rooms.kernel.db_executor import run_db

from .conftest import answered, events, until, working

pytestmark = pytest.mark.django_db(transaction=True)
DOCUMENT = """\
# Title

A first paragraph of [#918] and **more**.

- one
- two

```py
x = 1
```

| a | b |
|---|--:|
| 1 | 2 |

The end."""


async def test_finished_blocks_are_rendered_once_and_before_the_end(model, say, alice, sent):
    go_on = threading.Event()
    model.say(DOCUMENT, token_delay=0.001, hold=go_on, hold_after=len(Model(DOCUMENT).pieces) - 1)
    async with working():
        question = await run_db(say, alice, "@bot hi")
        end = DOCUMENT.index("The end.")
        await until(lambda: [event for event in events(sent, "rendered") if event["end"] == end])
        go_on.set()
        run = await answered(question)
    parts = [event for event in events(sent, "rendered") if event["id"] == run.message_id]
    assert [part["start"] for part in parts] == [0, *(part["end"] for part in parts[:-1])]
    html = "".join(part["html"] for part in parts)
    assert html + "<p>The end.</p>\n" == run.message.html
    assert "#918" not in html and '<span class="n">x</span>' in html  # it was not read; code has its colours
    for part in parts:  # each after the pieces that it is made of
        before = sent[
            : next(at for at, each in enumerate(sent) if each[1].get("text") and json.loads(each[1]["text"]) == part)
        ]
        assert max(event["at"] + len(event["text"]) for event in events(before, "delta")) >= part["end"]


async def test_what_is_rendered_so_far_is_sent_again_to_a_process_that_lacks_it(model, say, alice, sent):
    go_on = threading.Event()
    model.say(DOCUMENT, token_delay=0.001, hold=go_on, hold_after=len(Model(DOCUMENT).pieces) - 1)
    end = DOCUMENT.index("The end.")
    async with working():
        question = await run_db(say, alice, "@bot hi")
        await until(lambda: [event for event in events(sent, "rendered") if event["end"] == end])
        before = events(sent, "rendered")
        signals.blocks_wanted.send(None, ids=[before[0]["id"] + 1])  # of another reply
        signals.blocks_wanted.send(None, ids=[before[0]["id"]])
        await until(lambda: len(events(sent, "rendered")) >= 2 * len(before))
        assert events(sent, "rendered") == before * 2
        go_on.set()
        await answered(question)


async def test_a_text_that_is_taken_back_is_rendered_anew(alice, say, model, sent):
    question = await run_db(say, alice, "@bot hi")
    run = await run_db(lambda: runs.load(Run.objects.get(question=question).pk))
    reply = ReplyStream(run)
    reply.add("thoughts\n\nmore thoughts\n\n")
    await until(lambda: events(sent, "rendered"))
    reply.cut_back(0)
    reply.add("words\n\n")
    await until(lambda: events(sent, "rendered")[-1]["html"] == "<p>words</p>\n")
    assert (events(sent, "rendered")[-1]["start"], events(sent, "rendered")[-1]["end"]) == (0, 7)
    reply.close()
