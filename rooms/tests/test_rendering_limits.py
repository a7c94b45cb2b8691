"""Texts that take too long or do harm to their process: they are plain, and everything else is not."""

import os
import sys
import threading
import time

import psutil
import pytest

from mysite.tests.waiting import PATIENCE
from rooms.text import render_pool
from rooms.text.markup import render_plain
from rooms.text.render_pool import Unavailable
from rooms.text.rendering import render

from .render_processes import CODE, SLOW, STUBBORN, is_coloured, processes_of, until, words


@pytest.fixture
def stubborn(pool, monkeypatch):
    monkeypatch.setattr(render_pool, "_COMMAND", STUBBORN)
    return pool


# --- what is cut off ---


def test_code_that_takes_too_long_is_plain_and_all_else_is_not(pool, caplog):
    rendered = render(SLOW, author=7)
    assert "<strong>it</strong>" in rendered.marked and rendered.mentioned == ("bob",)
    assert '<pre class="code" data-language="c#"><code>a\na\n' in rendered.marked and 'class="n"' not in rendered.marked
    assert "csharp" in words(caplog) and "by user 7" in words(caplog) and "bob" not in words(caplog)
    assert is_coloured(render(CODE).marked)
    assert len(processes_of(os.getpid())) == 1  # the same: nothing had to be killed


def test_other_code_of_the_same_text_is_coloured_before_but_not_after(pool):
    python = "```python\nif x:\n    pass\n```\n"
    rendered = render(f"{python}{SLOW}\n{python}")
    assert rendered.marked.count('<span class="k">if</span>') == 1


def test_a_text_that_takes_too_long_is_plain(pool, monkeypatch, caplog):
    text = "![" * 4000 + " @bob"
    monkeypatch.setattr(render_pool, "_COMMAND", [sys.executable, "-c", QUICK_LIMIT])
    assert render(text) == render_plain(text) and render_plain(text).mentioned == ("bob",)
    assert "markdown" in words(caplog)


QUICK_LIMIT = """
from rooms.text import render_process
render_process.BASE_SECONDS = render_process.SECONDS_PER_CHARACTER = 1e-6
render_process.main(0)
"""


@pytest.mark.parametrize("text", ["for ever ", "stopped ", "killed "])
def test_a_process_that_does_not_come_back_is_replaced(stubborn, monkeypatch, caplog, text):
    text *= 100
    render(CODE)
    monkeypatch.setattr(render_pool, "TIMEOUT", 1.0 if text.startswith("stopped") else PATIENCE)
    started = []
    monkeypatch.setattr(
        render_pool, "_Process", lambda *how, real=render_pool._Process: started.append(0) or real(*how)
    )
    assert render(text) == render_plain(text)
    assert len(started) == (text.startswith("killed"))  # that may have been anybody: it is tried once more
    assert "too long" in words(caplog) and text not in words(caplog)
    monkeypatch.setattr(render_pool, "TIMEOUT", PATIENCE)
    assert is_coloured(render(CODE).marked)
    assert len(processes_of(os.getpid())) <= 1


@pytest.mark.parametrize(
    ("text", "says"), [("greedy ", "rooms.text.markup"), ("broken ", "IndexError in rooms.text.markup")]
)
def test_what_a_process_survives_it_says(stubborn, caplog, text, says):
    text *= 100
    render(CODE)
    before = processes_of(os.getpid())
    assert render(text) == render_plain(text)
    assert says in words(caplog) and text not in words(caplog)
    assert is_coloured(render(CODE).marked) and processes_of(os.getpid()) == before


def test_a_process_that_somebody_kills_is_not_missed(pool, caplog):
    render(CODE)
    [process] = processes_of(os.getpid())
    process.kill()
    process.wait()
    assert is_coloured(render(CODE).marked)
    # In the middle of a text: once more, in another.
    busy = pool._acquire(time.monotonic() + PATIENCE)
    stopped = psutil.Process(busy._process.pid)
    stopped.suspend()
    pool._release(busy, True)
    results = []
    thread = threading.Thread(target=lambda: results.append(render(CODE)))
    thread.start()
    until(lambda: not pool._idle)
    stopped.kill()
    thread.join()
    assert is_coloured(results[0].marked) and not caplog.records


def test_whose_texts_are_cut_off_again_and_again_sees_them_plain_for_a_while(pool, caplog):
    while render(SLOW, author=7) != render_plain(SLOW):
        pass
    assert 1 <= words(caplog).count("took too long") <= 3
    assert "user 7" in caplog.records[-1].getMessage()
    assert render(CODE, author=7) == render_plain(CODE)
    assert is_coloured(render(CODE, author=8).marked) and is_coloured(render(CODE).marked)
    assert render("**hi**", author=7) == render("**hi**")


# --- when there is none ---


def test_when_too_much_waits_texts_are_plain(pool, monkeypatch, caplog):
    monkeypatch.setattr(render_pool, "MAX_WAITING", 0)
    assert render(CODE) == render_plain(CODE)
    monkeypatch.undo()


def test_nobody_waits_long_for_a_process(pool, monkeypatch):
    monkeypatch.setattr(render_pool, "MAX_WAIT", 0.1)
    taken = [pool._acquire(time.monotonic() + PATIENCE), pool._acquire(time.monotonic() + PATIENCE)]
    with pytest.raises(Unavailable):
        pool.render(CODE)
    for each in taken:
        pool._release(each, True)
    assert pool.render(CODE)["mentioned"] == ["bob"]
