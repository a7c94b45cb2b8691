"""Hostile code for one language, coloured in a process that the operating system ends when it hangs.

Run as `python -m rooms.tests.hostile_code`. Each line that it reads is JSON: [LANGUAGE, SECONDS], of the processor,
which a short text may take. For each it prints one: [an exit code, what was tried, what is wrong]. Each text is made of
what the language's lexer looks for, repeated: whatever is wrong with a regular expression shows when it tries the same
again and again.
"""

import html
import json
import os
import random
import re
import resource
import signal
import sys
import time

from pygments.lexer import RegexLexer

from rooms.text.highlighting import get_lexer, highlight_code
from rooms.text.render_process import Cut, _raise_cut, _time_limit, time_limit_for

SHORT, LONG = 500, 8000  # characters
CPU = 120  # seconds for all
HANGS = 10.0  # seconds: thousands of times what an ordinary text takes
RANDOM = 15  # texts
WORST = 2  # of them are tried in full length
CLASSIC = [
    *("a", "a\n", "\n", "\n\n", " ", "a ", "\t", "\r\n", "\\", "\\\n", "0", "1.5", "_", "é", "\ufeff", "\x00"),
    *('"', "'", '"""', "'''", "`", '\\"', '"\\', "'a", '"a\n'),
    *("/*", "*/", "/**", "//", "#", "--", "<!--", "-->", "(*", "{-"),
    *("(", ")", "[", "]", "{", "}", "<", ">", "((", "()", "[[", "{{", "{%", "${", "#{", "$(", "$((", "<%", "<?"),
    *("<?php", "<a ", "<a>", "</a>", "<a b=", "&", "&a;", "@", "@a\n", "$a", "%a", ":a"),
    *("a:", "a=", "a.", "a(", "a<", "a,", "a::", "|", "||", "->", "=>"),
    *("<<", "<<A\n", "<<'A'\n", "%w(", "q{", "r#", "=begin\n", "\n.", "\n#", "\n  ", "\n- ", "\n> "),
    # What would be given to other lexers.
    *("```\n", "```mcschema\n<!--\n```\n", "DO $$ LANGUAGE mcschema;"),
    *("Content-Type: application/json\n\n{}", "HTTP/1.1 200\n"),
]
BEGINNINGS = ["", "", "", '"', "'", "/*", "<", "{", "(", "a ", "<?php ", "#", "`", '"""', "<script>", "<style>", "a = "]


def main() -> None:
    """A copy of this process for each line: to start another one takes longer than most languages do."""
    for line in sys.stdin:
        read, write = os.pipe()
        pid = os.fork()
        if not pid:
            os.dup2(write, sys.stderr.fileno())
            os._exit(_tried(*json.loads(line), write))
        os.close(write)
        with open(read) as pipe:
            said = pipe.read()
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        print(json.dumps([code, *(("", said) if code else (said, ""))]), flush=True)


def _tried(language: str, seconds: float, out: int) -> int:
    """An exit code, after what was tried or what is wrong was written."""
    try:
        found, code = json.dumps(attack(language, seconds)), 0
    except SystemExit as wrong:
        found, code = str(wrong), 1
    os.write(out, found.encode())
    return code


def attack(language: str, seconds: float) -> dict[str, int]:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU + 5))
    signal.signal(signal.SIGPROF, _raise_cut)
    _forbid_other_lexers(language)
    spent = sorted(((_short(language, seconds, *each), each) for each in _texts(language)), reverse=True)
    cut = sum(_long(language, *each) for _seconds, each in spent[:WORST])
    return {"short": len(spent), "long": min(WORST, len(spent)), "cut": cut}


def _texts(language: str):
    """Beginnings, and what is repeated behind them."""
    chance, words = random.Random(language), [*CLASSIC, *_words(language)]  # noqa: S311
    for each in CLASSIC:
        yield "", each
    for _ in range(RANDOM):
        yield chance.choice(BEGINNINGS), "".join(chance.choices(words, k=chance.randint(1, 4)))


def _words(language: str) -> list[str]:
    """Words and signs that the lexer's expressions name."""
    found = set()
    lexed = type(get_lexer(language))
    for rules in getattr(lexed, "_tokens", {}).values() if issubclass(lexed, RegexLexer) else ():
        for match, *_rest in rules:
            pattern = getattr(getattr(match, "__self__", None), "pattern", "")
            found |= {f"{word} " for word in re.findall(r"(?<![\\\w(?])[A-Za-z]{2,12}", pattern)[:6]}
            found |= set(re.findall(r"\\([^\w\s])", pattern))
    return sorted(found)


def _repeated(beginning: str, unit: str, length: int) -> str:
    return beginning + (unit * (length // len(unit) + 1))[: length - len(beginning)]


def _short(language: str, seconds: float, beginning: str, unit: str) -> float:
    """It ends, and every character is there. Returns the seconds it took."""
    code, began = _repeated(beginning, unit, SHORT), time.process_time()
    try:
        with _time_limit(seconds):
            shown = highlight_code(code, language)
    except Cut:
        raise SystemExit(f"hangs: {code[:60]!r}, in all {SHORT} characters") from None
    written = code.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if html.unescape(re.sub("<[^>]+>", "", shown)).rstrip("\n") != html.unescape(html.escape(written)).rstrip("\n"):
        raise SystemExit(f"loses characters of {code[:60]!r}")
    return time.process_time() - began


def _long(language: str, beginning: str, unit: str) -> bool:
    """It ends, or can be cut off; returns whether it was."""
    code = _repeated(beginning, unit, LONG)
    try:
        with _time_limit(time_limit_for(code)):
            highlight_code(code, language)
    except Cut:
        return True
    return False


def _forbid_other_lexers(language: str) -> None:
    """pygments has 600, and some of them never end."""

    def forbidden(name, *_args, **_options):
        raise SystemExit(f"asks for the lexer {name}")

    get_lexer(language)
    for module in [module for name, module in sys.modules.items() if name.startswith("pygments")]:
        for function in ("get_lexer_by_name", "get_lexer_for_mimetype", "get_lexer_for_filename", "guess_lexer"):
            if hasattr(module, function):
                setattr(module, function, forbidden)


if __name__ == "__main__":
    main()
