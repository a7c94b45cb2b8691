"""`manage.py serve`: starts everything in order, and gives each part what it needs."""

import http.client
import os
import resource
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection

from mysite.supervisor.heartbeat import PIPE_VARIABLE

from . import checks
from .child import spawn
from .embedded_redis import EmbeddedRedis
from .errors import CannotStart
from .listening import ListeningPort
from .liveness_pipe import LivenessPipe
from .supervisor import Child, Supervisor

ROLES = ("web", "bot", "jobs")
_WORKERS = {"bot": "BOT_WORKERS", "jobs": "JOB_WORKERS"}  # role → how many there are
Prepare = Callable[[bool, bool, Callable[[str], None]], list[str]]  # (migrate, static_files, say) → once ready
_FILE_LIMITS = (1_048_576, 65_536, 10_240)  # open files, which sockets are, too; the first that is allowed


def serve(prepare: Prepare, roles: tuple[str, ...] = ROLES, migrate: bool = True, embedded: bool = True) -> None:
    """Run everything, or only some roles on one of several hosts, until SIGTERM or Ctrl-C. Raises CannotStart.

    prepare: creates what the application needs (tables, static files) once the database answers, and returns lines to
    say when it is ready.
    embedded: start a Redis when REDIS_URL is not set. Then no other `serve` may use the data folder.
    """
    for role, setting in _WORKERS.items():
        if roles == (role,) and not getattr(settings, setting):
            raise CannotStart(f"{setting} is 0, so there is nothing to run.")
    for number in (signal.SIGTERM, signal.SIGHUP):  # handled like Ctrl-C until the supervisor handles them
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, signal.default_int_handler)
    os.umask(0o077)  # locks, logs and data belong to this account alone; children inherit this
    try:
        with ExitStack() as cleanup:  # runs in reverse order, whatever happens
            _serve(cleanup, prepare, roles, migrate, embedded)
    except KeyboardInterrupt:
        say("Stopped before it was ready.")


def _serve(cleanup: ExitStack, prepare: Prepare, roles: tuple[str, ...], migrate: bool, embedded: bool) -> None:
    if embedded:
        cleanup.enter_context(closing(checks.lock_data_dir(settings.DATA_DIR)))
    port = None
    if "web" in roles:
        port = cleanup.enter_context(closing(ListeningPort(settings.HOST, settings.PORT, settings.WEB_WORKERS)))
    ready_counter = _ReadyCounter(settings.WEB_WORKERS if port else 0)
    when_ready = [_ready_message(roles)]
    supervisor = Supervisor(
        lambda: not port or (ready_counter.all() and _is_serving()), lambda: say("\n".join(when_ready)), say
    )
    _raise_file_limit()
    if embedded and settings.REDIS_EMBEDDED:
        server = _start_redis(supervisor)
        cleanup.callback(server.clean_up)
        releases = [("Embedded Redis", server.version)]
    else:
        releases = checks.check_redis(settings.REDIS_URLS)
    cleanup.callback(supervisor.stop)
    when_ready += prepare(migrate, port is not None, say)
    if port:
        checks.check_site_url()
    _close_database_connections()
    _add_children(supervisor, roles, port, ready_counter)
    for where, version in releases:  # only now, so that an error above is the only line
        checks.report_version(where, version, say)
    supervisor.run()


def say(line: str) -> None:
    with suppress(OSError):  # stdout is closed or its disk is full: no reason to end
        print(line, flush=True)


def _start_redis(supervisor: Supervisor) -> EmbeddedRedis:
    server = EmbeddedRedis(Path(settings.REDIS_SOCKET), settings.DATA_DIR / "redis")
    server.start()
    supervisor.add(Child("Redis", server.launch, server.process), last=True)
    return server


def _add_children(
    supervisor: Supervisor, roles: tuple[str, ...], port: ListeningPort | None, ready_counter: "_ReadyCounter"
) -> None:
    if port:
        for number in range(1, settings.WEB_WORKERS + 1):
            pipe = LivenessPipe()
            supervisor.add(
                Child(
                    f"Web process {number}", partial(_spawn_web_process, port, ready_counter, pipe), liveness_pipe=pipe
                )
            )
    for role, command in (("bot", "runbot"), ("jobs", "runjobs")):
        for number in range(1, getattr(settings, _WORKERS[role]) + 1) if role in roles else ():
            pipe = LivenessPipe()
            name = f"{'Bot' if role == 'bot' else 'Job'} worker {number}"
            supervisor.add(Child(name, _WorkerLauncher(command, pipe).launch, liveness_pipe=pipe))


def _spawn_web_process(port: ListeningPort, ready_counter: "_ReadyCounter", pipe: LivenessPipe):
    with port.sockets() as listening:
        descriptors = [ready_counter.write_end, *listening]
        command = [sys.executable, "-m", "mysite.web", *map(str, descriptors)]
        return _spawn(command, pipe, descriptors)


class _WorkerLauncher:
    """Starts one worker after the other, and tells each which one it replaces: that one is dead for sure, so what it
    worked on is taken over at once instead of when its lease ends."""

    def __init__(self, command: str, pipe: LivenessPipe):
        self._command, self._pipe = command, pipe
        self._token = ""  # of the last one

    def launch(self) -> subprocess.Popen:
        token = secrets.token_hex(8)
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), self._command, "--token", token]
        if self._token:
            command += ["--replaces", self._token]
        process = _spawn(command, self._pipe)
        self._token = token
        return process


def _spawn(command: list[str], pipe: LivenessPipe, descriptors: Sequence[int] = ()):
    environment = os.environ | {PIPE_VARIABLE: str(pipe.write_end)}
    given = [*descriptors, pipe.write_end]
    return spawn(command, cwd=settings.BASE_DIR, env=environment, pass_fds=given, stdin=subprocess.DEVNULL)


class _ReadyCounter:
    """Counts the web processes that are ready: each writes one byte into a pipe."""

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
    for limit in _FILE_LIMITS:
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        if soft == resource.RLIM_INFINITY or limit <= soft:
            return
        with suppress(OSError, ValueError):  # some systems allow less than they report
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            return


def _close_database_connections() -> None:
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def _is_serving() -> bool:
    """Whether a web process answers that it is ready."""
    client = http.client.HTTPConnection(_local_address(settings.HOST), settings.PORT, timeout=2)
    try:
        client.request("GET", "/readyz")
        return client.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def _ready_message(roles: tuple[str, ...]) -> str:
    if "web" not in roles:
        return f"The {' and '.join({'jobs': 'job'}.get(role, role) for role in roles)} workers are started."
    host = _local_address(settings.HOST)
    return f"Roundtable is ready at http://{f'[{host}]' if ':' in host else host}:{settings.PORT}/"


def _local_address(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


__all__ = ["CannotStart", "ROLES", "say", "serve"]
