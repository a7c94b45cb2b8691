"""Makes scripts smaller, when static files are collected.

tdewolff/minify also shortens the names of variables, which only a real parser can do: scripts weigh an eighth less than
without comments and spaces alone. It is written in Go, whose runtime has threads and signal handlers, so it runs in a
process of its own: `python -m mysite.web.minified_scripts`. Where it has no package, or fails, rjsmin does what it can.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping

from rjsmin import jsmin

TIMEOUT = 120  # seconds; it needs one
JS_VERSION = 2022  # what it writes is understood by browsers of that year

log = logging.getLogger(__name__)


def minify_scripts(sources: Mapping[str, str]) -> dict[str, str]:
    """{name: source of an ES module} → {name: the same, smaller}."""
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=json.dumps(sources).encode(), capture_output=True, timeout=TIMEOUT)
        if not done.returncode:
            return json.loads(done.stdout)
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = str(error)
    log.warning("Scripts keep the names of their variables, and are an eighth larger: %s", reason)
    return {name: jsmin(source) for name, source in sources.items()}


def _run() -> None:
    """From stdin to stdout."""
    from minify import config, string

    config({"js-version": JS_VERSION})
    sources = json.load(sys.stdin)
    json.dump({name: string("application/javascript", source) for name, source in sources.items()}, sys.stdout)


if __name__ == "__main__":
    _run()
