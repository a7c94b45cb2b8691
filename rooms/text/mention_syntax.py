"""Mentions in a text: which @names count, and how they are marked in HTML."""

import re
from collections.abc import Iterator

# Letters of scripts without spaces between words, or that append endings to names: 你好@bot, @bot에게.
_CLOSE = (
    "\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u31ff\u3400-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
MENTION = re.compile(
    # Not inside a word, nor after a hyphen at its end. After a slash: see mentions_in.
    rf"(?:(?<![\w\u0300-\u036f@＠-])|(?<=[{_CLOSE}])|(?<=(?<!\w)-))"
    # The whole name, not a prefix of a longer word. Input methods often type the full-width @.
    rf"[@＠](?=\w)((?>[A-Za-z0-9_.-]{{0,31}}[A-Za-z0-9_]))(?![^\W{_CLOSE}]|[\u0300-\u036f@＠])"
)
SIGN = re.compile("[@＠]")
_LOCAL = re.compile(rf"(?:[{_CLOSE}]|\w\.)\Z")  # how the part of an e-mail address before the @ may end


def mentions_in(text: str) -> Iterator[re.Match]:
    """Yield a match for each @name in plain text; group 1 is the name. Skips e-mail addresses and parts of paths."""
    end = -1
    for match in MENTION.finditer(text):
        at = match.start()
        if text[at - 1 : at] == "/" and at - 1 != end:  # example.org/@name, but: @name/@name
            continue
        if "." in match[1] and _LOCAL.search(text, max(0, at - 2), at):  # 用户@example.org
            continue
        end = match.end()
        yield match


def mark(mention: str, user_id: int | str = "") -> str:
    """HTML of a mention, including the @. user_id: or what it calls many by (services/calls.py)."""
    return f'<span class="mention" data-user="{user_id}">{mention}</span>'


# No message can forge one: a quote and an angle bracket of its own are escaped.
MARK = re.compile(mark("([^<]*)"))
