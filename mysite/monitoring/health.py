"""What others ask about this process: is it alive, can it serve, how is everything.

GET /livez    200 unless this process should be replaced: for whoever starts processes. It asks no store.
GET /readyz   200 when this process can serve: its database answers, and its threads do. For balancers. Redis is not
              asked: chat goes on without it, but not on a site that no balancer sends anybody to.
GET /healthz  the same, Redis, whether messages can be saved, and the disk: for people and what alerts them.

503 says no, and what is wrong in a word or two; staff see more of /healthz. A middleware, the outermost, so that it
answers to whatever host name a balancer asks by, without a session. GET /metrics is beside it, for staff alone
(Prometheus sends a token).
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

from common.outages import Outages
from common.redis_clients import REDIS_AWAY, make_async_client
from rooms.kernel import write_errors

from . import liveness, status

SECONDS = 1.0  # for each store; they are asked at the same time
LITTLE = 50 * 2**20  # bytes on the disk of DATA_DIR: what is less is as good as nothing

# One thread each: when the database or the disk hangs, one probe hangs with it and not one more a request.
_database_thread = ThreadPoolExecutor(1, thread_name_prefix="health-database")
_disk_thread = ThreadPoolExecutor(1, thread_name_prefix="health-disk")
_outages = Outages(__name__)


@sync_and_async_middleware
def health_middleware(get_response):
    if iscoroutinefunction(get_response):

        async def answer(request):
            page = PAGES.get(request.path)
            return await page(request) if page else await get_response(request)

        return answer

    def answer_at_once(request):
        page = PAGES.get(request.path)
        return async_to_sync(page)(request) if page else get_response(request)

    return answer_at_once


async def live(_request) -> JsonResponse:
    return _answer({"threads": "stuck" if liveness.process.wants_replacement() else ""})


async def ready(_request) -> JsonResponse:
    return _answer(await _ask(database=_database, threads=_threads))


async def health(request) -> JsonResponse:
    found = await _ask(database=_database, redis=_redis, threads=_threads, writes=_writes, disk=_disk)
    staff = not found["database"] and await status.is_staff(request)
    return _answer(found, **({"details": status.details()} if staff else {}))


async def metrics(request) -> HttpResponse:
    return status.metrics() if await status.is_staff(request) else HttpResponse("For staff.\n", status=403)


PAGES = {"/livez": live, "/readyz": ready, "/healthz": health, "/metrics": metrics}


def _answer(found: dict[str, str], **more) -> JsonResponse:
    """found: for each part what is wrong with it, if anything is."""
    wrong = any(found.values())
    body = {"status": "unavailable" if wrong else "ok", **{name: what or "ok" for name, what in found.items()}, **more}
    response = JsonResponse(body, status=503 if wrong else 200, headers={"Cache-Control": "no-store"})
    # Django, whose mark this is, would log an ERROR for each 503; Outages says it once.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


async def _ask(**parts) -> dict[str, str]:
    found = await asyncio.gather(*(_within(check()) for check in parts.values()))
    problems = dict(zip(parts, found, strict=True))
    _outages.note(problems)
    return problems


async def _within(check) -> str:
    """What is wrong, as one word or two; empty when nothing is."""
    try:
        async with asyncio.timeout(SECONDS):
            return await check or ""
    except TimeoutError:
        return "no answer"
    except (DatabaseError, *REDIS_AWAY) as error:
        # The kind alone: the address or the reason are for the log's readers, not for everyone.
        return type(error).__name__


async def _database() -> None:
    await asyncio.get_running_loop().run_in_executor(_database_thread, _ask_database)


def _ask_database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


async def _redis() -> None:
    await asyncio.gather(*map(_ping, settings.REDIS_URLS))


async def _ping(url: str) -> None:
    async with make_async_client(url, 2 * SECONDS) as client:  # `_within` ends it before
        await client.ping()


async def _threads() -> str:
    return "stuck" if liveness.problem() else ""


async def _writes() -> str:
    return "failing" if write_errors.is_failing() else ""


async def _disk() -> str:
    usage = partial(shutil.disk_usage, settings.DATA_DIR)
    free = (await asyncio.get_running_loop().run_in_executor(_disk_thread, usage)).free
    return "full" if free < LITTLE else ""
