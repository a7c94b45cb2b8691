"""Health checks of this process.

GET /livez    200 unless this process should be replaced. For process managers. Asks neither database nor Redis.
GET /readyz   200 when this process can serve: its database and its threads respond. For load balancers. Redis is not
              checked: the chat works without it, but not if no balancer sends anybody here.
GET /healthz  the same, and Redis, whether messages can be saved, whether jobs are done, and the disk. For people and
              monitoring.

Otherwise the status is 503, with a word or two for each problem; staff see more of /healthz. This is the outermost
middleware, so it answers under any host name and without a session. GET /metrics is for staff only (Prometheus sends a
token).
"""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from asgiref.sync import async_to_sync, iscoroutinefunction
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.utils.decorators import sync_and_async_middleware

from backups import regular as backups
from common.outages import Outages
from common.redis_clients import REDIS_AWAY, make_async_client
from files import scanning
from jobs import backlog
from rooms.kernel import write_errors

from . import liveness, status

CHECK_TIMEOUT = 1.0  # seconds for each check; they run at the same time
MIN_FREE_DISK = 50 * 2**20  # bytes on the disk of DATA_DIR; with less it counts as full

# One thread each: when the database or the disk hangs, only one probe hangs with it, not one for each request.
_database_thread = ThreadPoolExecutor(1, thread_name_prefix="health-database")
_disk_thread = ThreadPoolExecutor(1, thread_name_prefix="health-disk")
_outages = Outages(__name__)


@sync_and_async_middleware
def health_middleware(get_response):
    if iscoroutinefunction(get_response):

        async def async_middleware(request):
            page = VIEWS.get(request.path)
            return await page(request) if page else await get_response(request)

        return async_middleware

    def sync_middleware(request):
        page = VIEWS.get(request.path)
        return async_to_sync(page)(request) if page else get_response(request)

    return sync_middleware


async def live(_request) -> JsonResponse:
    """200, or 503 with what is wrong when the process should be replaced."""
    return _json_response({"threads": "stuck" if liveness.process_liveness.wants_replacement() else ""})


async def ready(_request) -> JsonResponse:
    """200, or 503: a load balancer should send nothing here."""
    return _json_response(await _run_checks(database=_check_database, threads=_check_threads))


async def health(request) -> JsonResponse:
    """200, or 503 with what is wrong by part. Staff see details, too."""
    found = await _run_checks(
        database=_check_database, redis=_check_redis, threads=_check_threads, writes=_check_writes, disk=_check_disk,
        jobs=_check_jobs,
        **({"scanner": _check_scanner} if settings.CLAMAV_URL else {}),
        **({"backups": _check_backups} if settings.BACKUP_EVERY else {}),
    )  # fmt: skip
    staff = not found["database"] and await status.is_staff(request)
    return _json_response(found, **({"details": await status.details()} if staff else {}))


async def metrics(request) -> HttpResponse:
    return await status.metrics() if await status.is_staff(request) else HttpResponse("For staff.\n", status=403)


VIEWS = {"/livez": live, "/readyz": ready, "/healthz": health, "/metrics": metrics}


def _json_response(found: dict[str, str], **more) -> JsonResponse:
    """found: part → what is wrong with it, or "". more: additional fields."""
    unhealthy = any(found.values())
    body = {
        "status": "unavailable" if unhealthy else "ok",
        **{name: problem or "ok" for name, problem in found.items()},
        **more,
    }
    response = JsonResponse(body, status=503 if unhealthy else 200, headers={"Cache-Control": "no-store"})
    # Otherwise Django would log an ERROR for each 503; Outages logs once.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


async def _run_checks(**parts) -> dict[str, str]:
    found = await asyncio.gather(*(_run_check(check()) for check in parts.values()))
    problems = dict(zip(parts, found, strict=True))
    _outages.note(problems)
    return problems


async def _run_check(check) -> str:
    """What is wrong, in a word or two; empty when nothing is."""
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            return await check or ""
    except TimeoutError:
        return "no answer"
    except (DatabaseError, *REDIS_AWAY) as error:
        # Only the type: the address and the reason are for the log, not for everyone.
        return type(error).__name__


async def _check_database() -> None:
    await asyncio.get_running_loop().run_in_executor(_database_thread, _query_database)


def _query_database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


async def _check_jobs() -> str:
    return "behind" if await asyncio.get_running_loop().run_in_executor(_database_thread, _are_jobs_behind) else ""


def _are_jobs_behind() -> bool:
    try:
        return backlog.is_behind()
    finally:
        connection.close()


async def _check_backups() -> str:
    return "old" if await asyncio.get_running_loop().run_in_executor(_database_thread, _are_backups_old) else ""


def _are_backups_old() -> bool:
    try:
        return backups.is_overdue()
    finally:
        connection.close()


async def _check_redis() -> None:
    await asyncio.gather(*map(_ping, settings.REDIS_URLS))


async def _ping(url: str) -> None:
    async with make_async_client(url, 2 * CHECK_TIMEOUT) as client:  # `_run_check` ends it before
        await client.ping()


async def _check_scanner() -> str:
    try:
        await scanning.ping(CHECK_TIMEOUT)
    except scanning.ScannerAway:
        return "no answer"
    return ""


async def _check_threads() -> str:
    return "stuck" if liveness.find_problem() else ""


async def _check_writes() -> str:
    return "failing" if write_errors.is_failing() else ""


async def _check_disk() -> str:
    usage = partial(shutil.disk_usage, settings.DATA_DIR)
    free = (await asyncio.get_running_loop().run_in_executor(_disk_thread, usage)).free
    return "full" if free < MIN_FREE_DISK else ""
