"""How somebody is mentioned in a text: which @name is one, and the mark that it gets in html."""

import re
from collections.abc import Iterator

# Letters of scripts that put no space between words, or add endings to a name: 你好@bot, @bot에게.
_CLOSE = (
    "\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u31ff\u3400-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
MENTION = re.compile(
    # Not in the middle of a word, nor after a hyphen at its end. After a slash: see mentions_in.
    rf"(?:(?<![\w\u0300-\u036f@＠-])|(?<=[{_CLOSE}])|(?<=(?<!\w)-))"
    # The whole of the name; what only begins like one is none. Input methods often type the wide sign.
    rf"[@＠](?=\w)((?>[A-Za-z0-9_.-]{{0,31}}[A-Za-z0-9_]))(?![^\W{_CLOSE}]|[\u0300-\u036f@＠])"
)
SIGN = re.compile("[@＠]")
_LOCAL = re.compile(rf"(?:[{_CLOSE}]|\w\.)\Z")  # how the part of an e-mail address before the @ may end


def mentions_in(text: str) -> Iterator[re.Match]:
    """Each @name in plain words; the name is group 1. Neither e-mail addresses nor parts of paths."""
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
    """Html of a mention, with the sign before the name."""
    return f'<span class="mention" data-user="{user_id}">{mention}</span>'


# No message can forge one: a quote and an angle bracket of its own are escaped.
MARK = re.compile(mark("([^<]*)"))
