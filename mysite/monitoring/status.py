"""Figures of this process and of the server: for staff at /healthz, for Prometheus at /metrics."""

import shutil

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from accounts.mail import sending
from accounts.rights import ServerAction, may_on_server
from accounts.security import authentication, second_factor
from backups import regular as backups
from jobs import backlog
from notifications.push import backlog as pushes
from rooms.kernel import db_executor, watchdog, write_errors
from rooms.realtime.hub import hub

from ..http import limits


async def is_staff(request: HttpRequest) -> bool:
    """Whether the request is from staff, by session or token. (No other middleware has run yet.)"""
    if not request.COOKIES and "Authorization" not in request.headers:
        return False  # a load balancer: no need to query
    return await db_executor.run_db(_is_staff, request.COOKIES, request.headers.get("Authorization"))


def _is_staff(cookies, header) -> bool:
    secret = authentication.parse_bearer(header)
    try:
        found = authentication.get_session_user(cookies) if secret is None else authentication.get_token_user(secret)
    except second_factor.SecondFactorNeeded:
        return False
    user = found[0] if isinstance(found, tuple) else found
    return bool(user and user.only_rooms is None and may_on_server(user, ServerAction.SEE_STATUS))


async def details() -> dict:
    """JSON values. "people", "jobs", "push", "mail", "backup" count the whole server, others this process."""
    here, write = hub(), watchdog.longest(watchdog.WRITES)
    return {
        **here.tracker.overload.state(),
        "sockets": len(here.connections),
        "rooms_open": len(here.room_channels),
        "database_queue": db_executor.busy(),
        "threads_given_up": watchdog.given_up(),
        "write_seconds": round(write.seconds, 1) if write else 0.0,
        "writes_failing": write_errors.is_failing(),
        "disk_free_mb": shutil.disk_usage(settings.DATA_DIR).free // 2**20,
        "presence_stale": here.tracker.stale,
        "sockets_closed": dict(here.connection_limiter.closed),
        "handshakes_refused": dict(here.connection_limiter.refused),
        "requests_refused": {str(status): count for status, count in limits.refusal_counts.items()},
        "backup": await db_executor.run_db(backups.state),
        "jobs": await db_executor.run_db(backlog.counts),
        "mail": await db_executor.run_db(sending.counts),
        "push": await db_executor.run_db(pushes.counts),
        "offenders": dict(here.connection_limiter.offenders.most_common(10)),
    }


async def metrics() -> HttpResponse:
    """The same in Prometheus' format. Each scrape sees one process; what counts the whole server is the same in all."""
    registry, found = CollectorRegistry(), await details()
    for name, help, value in (
        ("people", "People connected, on the whole server", found["people"]),
        ("overloaded", "1 while the server is overloaded", found["server"] is not None),
        ("rooms_overloaded", "Rooms that hold too many people, as far as this process knows", len(found["rooms"])),
        ("sockets", "Open sockets of this process", found["sockets"]),
        ("rooms_open", "Rooms with somebody in this process", found["rooms_open"]),
        ("database_queue", "Calls that wait for a database thread of this process", found["database_queue"]),
        (
            "threads_given_up",
            "Database threads of this process that no caller waits for",
            found["threads_given_up"],
        ),
        ("write_seconds", "How long the oldest write of this process has been running", found["write_seconds"]),
        ("writes_failing", "1 while messages cannot be saved", found["writes_failing"]),
        ("disk_free_bytes", "Free on the disk of DATA_DIR", found["disk_free_mb"] * 2**20),
        ("loop_delay_p95_seconds", "Delay of this process's event loop", found["loop_delay_p95_ms"] / 1000),
        ("backup_failed", "1 when the last attempt to make a backup has failed", found["backup"]["failed"]),
        ("jobs_oldest_seconds", "For how long a job has been due that nobody began", found["jobs"]["oldest_seconds"]),
        ("mail_addresses_refused", "Addresses to which no mail is sent", found["mail"]["refused_addresses"]),
        ("push_oldest_seconds", "For how long a push has been due", found["push"]["oldest_seconds"]),
        ("presence_stale", "1 while Redis is away and lists may be old", found["presence_stale"]),
    ):
        Gauge(f"roundtable_{name}", help, registry=registry).set(value)
    if found["backup"]["age_seconds"] is not None:
        for name, unit in (("age_seconds", "Age of the last backup"), ("bytes", "Size of the last backup")):
            Gauge(f"roundtable_backup_{name}", unit, registry=registry).set(found["backup"][name])
    jobs = Gauge("roundtable_jobs", "Jobs on the whole server", ["state"], registry=registry)
    for state in ("waiting", "later", "running", "failed"):
        jobs.labels(state).set(found["jobs"][state])
    mails = Gauge(
        "roundtable_mails", "Mails on the whole server: waiting, failed in 30 days", ["state"], registry=registry
    )
    for state in ("waiting", "failed"):
        mails.labels(state).set(found["mail"][state])
    push = Gauge("roundtable_push", "Pushes that are due, and those of the last hour", ["state"], registry=registry)
    for state in ("waiting", "told", "failed", "refused"):
        push.labels(state).set(found["push"][state])
    for name, label, help, counts in (
        ("sockets_closed", "what", "Sockets closed because they sent too much", found["sockets_closed"]),
        ("handshakes_refused", "why", "Sockets refused because too many were opened", found["handshakes_refused"]),
        ("requests_refused", "status", "Requests beyond a limit of HTTP", found["requests_refused"]),
    ):
        counter = Counter(f"roundtable_{name}", help, [label], registry=registry)
        for value, count in counts.items():
            counter.labels(value).inc(count)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
