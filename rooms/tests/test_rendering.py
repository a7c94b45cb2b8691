"""Where texts are rendered: what a text does to its process stays there, and everybody else's are rendered."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from mysite.tests.waiting import PATIENCE
from rooms.text import render_pool, rendering
from rooms.text.markup import render_plain
from rooms.text.rendering import is_quick, render

from .render_processes import CODE, LONG, SLOW, is_coloured, processes_of, until, words

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
render_pool.MAX_WAIT = render_pool.TIMEOUT = 300.0
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
