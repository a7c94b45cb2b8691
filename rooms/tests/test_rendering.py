"""Where texts are rendered: what a text does to its process stays there, and everybody else's are rendered."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from mysite.tests.waiting import PATIENCE
from rooms.text import render_pool, rendering
from rooms.text.markup import render_plain
from rooms.text.render_pool import RenderPool, Unavailable
from rooms.text.rendering import is_quick, render

CODE = "so **it** is, @bob:\n```python\nif x:\n    pass\n```"
LONG = "some *words* " * 60
# Takes seconds, and grows with the square of its length.
SLOW = "so **it** is, @bob:\n```c#\n" + "a\n" * 3950 + "```"
STUBBORN = [sys.executable, "-m", "rooms.tests.stubborn_process"]
NAMES = {"rooms.text.render_process", STUBBORN[2]}


@pytest.fixture
def pool(monkeypatch):
    """A pool of this test's own, which is patient: a busy machine cuts nothing off here."""
    rendering._pool().close()  # of the tests before
    rendering._pool.cache_clear()
    for name in ("MAX_WAIT", "TIMEOUT"):
        monkeypatch.setattr(render_pool, name, PATIENCE)
    pool = RenderPool()
    monkeypatch.setattr(rendering, "_pool", lambda: pool)
    monkeypatch.setattr(rendering, "_budgets", rendering._Budgets())
    yield pool
    pool.close()
    assert not processes_of(os.getpid())


@pytest.fixture
def stubborn(pool, monkeypatch):
    monkeypatch.setattr(render_pool, "_COMMAND", STUBBORN)
    return pool


def processes_of(pid: int) -> list[psutil.Process]:
    """Its children that render and have not ended."""
    found = []
    for child in psutil.Process(pid).children():
        with suppress(psutil.NoSuchProcess):  # ZombieProcess is one
            found += [child] if {*child.cmdline()} & NAMES else []
    return found


def until(holds) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def is_coloured(html: str) -> bool:
    return '<span class="k">if</span>' in html


def words(caplog) -> str:
    return " ".join(record.getMessage() for record in caplog.records)


# --- where ---


@pytest.mark.parametrize("text", ["hello", "**hi** @bob, see https://example.org", "- a\n- b", "a" * 500])
def test_short_texts_need_no_process(pool, text):
    assert is_quick(text) and render(text).marked
    assert not processes_of(os.getpid())


@pytest.mark.parametrize("text", [CODE, LONG, "~~~ js\nx\n~~~"])
def test_all_others_do(pool, text):
    assert not is_quick(text) and render(text).marked != render_plain(text).marked
    assert len(processes_of(os.getpid())) == 1


def test_what_comes_back_is_what_is_made_here(pool):
    for text in (CODE, LONG, "```\n\\ud800 \U0001f600 é\n```", "@alice ```x```"):
        rendered = render(text)
        assert is_coloured(rendered.marked) == (text == CODE)
        if text != CODE:
            assert rendered == rendering.markup.render(text)
    assert is_coloured(render(CODE).html({"bob": 2})) and 'data-user="2"' in render(CODE).html({"bob": 2})


def test_a_second_process_is_started_only_when_the_first_is_busy(pool):
    for _ in range(3):
        render(CODE)
    assert len(processes_of(os.getpid())) == 1
    together = [threading.Thread(target=render, args=(SLOW,)) for _ in range(4)]
    for each in together:
        each.start()
    for each in together:
        each.join()
    assert len(processes_of(os.getpid())) == render_pool.MAX_PROCESSES


def test_the_second_ends_when_there_is_nothing_to_do(pool, monkeypatch):
    monkeypatch.setattr(render_pool, "IDLE_TIMEOUT", 0.2)
    first = pool._acquire(time.monotonic() + PATIENCE)
    pool.render(CODE)
    pool._release(first, True)
    until(lambda: len(processes_of(os.getpid())) == 1)
    assert is_coloured(render(CODE).marked)


def test_it_is_given_no_secrets(pool, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "CANARY")
    render(CODE)
    [process] = processes_of(os.getpid())
    assert "CANARY" not in json.dumps(process.environ())
    assert {each.path for each in process.open_files()} == set()


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


@pytest.mark.parametrize("command", [["/nowhere/python"], [sys.executable, "-c", "raise SystemExit(3)"]])
def test_when_none_can_be_started_texts_are_plain(pool, monkeypatch, caplog, command):
    monkeypatch.setattr(render_pool, "_COMMAND", command)
    monkeypatch.setattr(render_pool, "MAX_WAIT", 0.1)
    monkeypatch.setattr(render_pool, "RESTART_DELAY", PATIENCE)
    assert render(CODE) == render_plain(CODE)
    assert "cannot be started" in words(caplog)
    caplog.clear()
    assert render(CODE) == render_plain(CODE)  # tried again after a while only
    assert "cannot be started" not in words(caplog)


# --- the end ---


def test_a_signal_to_the_whole_group_leaves_them_to_their_parent(pool):
    render(CODE)
    [process] = processes_of(os.getpid())
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)
    assert is_coloured(render(CODE).marked) and processes_of(os.getpid()) == [process]


PARENT = """
import sys, threading
from rooms.text import render_pool, rendering
render_pool._COMMAND = [sys.executable, "-m", "rooms.tests.stubborn_process"]
render_pool.PATIENCE = 300.0
rendering.render("```python\\nx\\n```")
text = sys.stdin.readline() * 100
if text.strip():
    threading.Thread(target=rendering.render, args=(text,), daemon=True).start()
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("text", ["", "for ever"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, None])
def test_they_end_with_their_parent(end, text):
    """Also while one works on a text that has no end."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    parent.stdin.write(f"{text}\n")
    parent.stdin.flush()
    assert parent.stdout.readline() == "ready\n"
    children = processes_of(parent.pid)
    assert len(children) == 1
    parent.send_signal(end) if end else parent.communicate("\n")
    parent.wait()
    _gone, alive = psutil.wait_procs(children, timeout=10 * PATIENCE)
    assert not alive


def test_a_process_that_was_forked_has_its_own(pool, monkeypatch):
    monkeypatch.undo()
    render(CODE)
    before = rendering._pool()
    read, write = os.pipe()
    if not (pid := os.fork()):
        os.write(write, b"other" if rendering._pool() is not before else b"same")
        os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(read, 9) == b"other" and rendering._pool() is before
    before.close()
    rendering._pool.cache_clear()
