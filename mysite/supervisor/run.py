"""`manage.py serve`: what is started, in which order, and what each part is given."""

import http.client
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection

from mysite.supervisor.heartbeat import PULSE

from . import checks
from .child import spawn
from .embedded_redis import EmbeddedRedis
from .errors import CannotStart
from .listening import Port
from .liveness_pipe import Pulse
from .supervisor import Child, Supervisor

ROLES = ("web", "bot")
Prepare = Callable[[bool, bool, Callable[[str], None]], None]  # migrate?, are there pages?, who is told each step
_FILES = (1_048_576, 65_536, 10_240)  # a socket is an open file; the first of these that is allowed


def serve(prepare: Prepare, roles: tuple[str, ...] = ROLES, migrate: bool = True, embedded: bool = True) -> None:
    """Run everything, or on one of several hosts some roles, until SIGTERM or Ctrl-C. Raises CannotStart.

    prepare: makes what the application needs (tables, static files) once the database answers.
    embedded: a Redis of our own when REDIS_URL names none. This process alone then uses the data folder.
    """
    if roles == ("bot",) and not settings.BOT_WORKERS:
        raise CannotStart("BOT_WORKERS is 0, so there is nothing to run.")
    for number in (signal.SIGTERM, signal.SIGHUP):  # until the supervisor listens: like Ctrl-C
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, signal.default_int_handler)
    os.umask(0o077)  # locks, logs and data are for this account alone, whoever makes them: children inherit it
    try:
        with ExitStack() as held:  # whatever happens, all of it is given back, the last first
            _serve(held, prepare, roles, migrate, embedded)
    except KeyboardInterrupt:
        say("Stopped before it was ready.")


def _serve(held: ExitStack, prepare: Prepare, roles: tuple[str, ...], migrate: bool, embedded: bool) -> None:
    if embedded:
        held.enter_context(closing(checks.lock(settings.DATA_DIR)))
    port = None
    if "web" in roles:
        port = held.enter_context(closing(Port(settings.HOST, settings.PORT, settings.WEB_WORKERS)))
    started = _Started(settings.WEB_WORKERS if port else 0)
    supervisor = Supervisor(lambda: not port or (started.all() and _answers()), lambda: say(_greeting(roles)), say)
    _raise_file_limit()
    if embedded and settings.REDIS_EMBEDDED:
        server = _start_redis(supervisor)
        held.callback(server.tidy)
        releases = [("Embedded Redis", server.version)]
    else:
        releases = checks.redis_answers(settings.REDIS_URLS)
    held.callback(supervisor.stop)
    prepare(migrate, port is not None, say)
    if port:
        checks.site_url_is_known()
    _let_go_of_the_database()
    _add_children(supervisor, roles, port, started)
    for where, version in releases:  # only now: what is wrong should be the only sentence
        checks.tell_version(where, version, say)
    supervisor.run()


def say(line: str) -> None:
    with suppress(OSError):  # nobody reads any more, or no room is left: no reason to end
        print(line, flush=True)


def _start_redis(supervisor: Supervisor) -> EmbeddedRedis:
    server = EmbeddedRedis(Path(settings.REDIS_SOCKET), settings.DATA_DIR / "redis")
    server.start()
    supervisor.add(Child("Redis", server.launch, server.process), last=True)
    return server


def _add_children(supervisor: Supervisor, roles: tuple[str, ...], port: Port | None, started: "_Started") -> None:
    if port:
        for number in range(1, settings.WEB_WORKERS + 1):
            pulse = Pulse()
            supervisor.add(Child(f"Web process {number}", partial(_web, port, started, pulse), pulse=pulse))
    if "bot" in roles:
        for number in range(1, settings.BOT_WORKERS + 1):
            pulse = Pulse()
            supervisor.add(Child(f"Bot worker {number}", partial(_bot, pulse), pulse=pulse))


def _web(port: Port, started: "_Started", pulse: Pulse):
    with port.sockets() as listening:
        descriptors = [started.write_end, *listening]
        command = [sys.executable, "-m", "mysite.web", *map(str, descriptors)]
        return _spawn(command, pulse, descriptors)


def _bot(pulse: Pulse):
    return _spawn([sys.executable, str(settings.BASE_DIR / "manage.py"), "runbot"], pulse)


def _spawn(command: list[str], pulse: Pulse, descriptors: Sequence[int] = ()):
    environment = os.environ | {PULSE: str(pulse.write_end)}
    given = [*descriptors, pulse.write_end]
    return spawn(command, cwd=settings.BASE_DIR, env=environment, pass_fds=given, stdin=subprocess.DEVNULL)


class _Started:
    """Counts the web processes that say that they serve: each writes one byte into a pipe."""

    def __init__(self, expected: int):
        self._missing = expected
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)

    def all(self) -> bool:
        try:
            self._missing -= len(os.read(self._read_end, 64))
        except BlockingIOError:
            return self._missing <= 0
        return self._missing <= 0


def _raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in _FILES:
        wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft == resource.RLIM_INFINITY or wanted <= soft:
            return
        with suppress(OSError, ValueError):  # some systems allow less than they say
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return


def _let_go_of_the_database() -> None:
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def _answers() -> bool:
    """Whether a web process says that it can serve."""
    client = http.client.HTTPConnection(_reachable(settings.HOST), settings.PORT, timeout=2)
    try:
        client.request("GET", "/readyz")
        return client.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def _greeting(roles: tuple[str, ...]) -> str:
    if "web" not in roles:
        return "The bot workers are started."
    host = _reachable(settings.HOST)
    return f"Roundtable is ready at http://{f'[{host}]' if ':' in host else host}:{settings.PORT}/"


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


__all__ = ["CannotStart", "ROLES", "say", "serve"]
