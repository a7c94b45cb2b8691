"""GET /healthz: 200 when the database and Redis answer, 503 with the reason when one does not. Staff see more.

A middleware, the outermost, so that it answers to whatever host name a load balancer asks by, without a session.
GET /metrics is beside it, for staff alone (Prometheus sends a token).
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import redis.asyncio
from asgiref.sync import async_to_sync, iscoroutinefunction
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.utils.decorators import sync_and_async_middleware
from redis.exceptions import RedisError

from . import status

SECONDS = 1.0  # for each store; they are asked at the same time

# One thread: when the database hangs, one probe hangs with it and not one more a request.
_thread = ThreadPoolExecutor(1, thread_name_prefix="health")


@sync_and_async_middleware
def health_middleware(get_response):
    if iscoroutinefunction(get_response):

        async def answer(request):
            page = PAGES.get(request.path)
            return await page(request) if page else await get_response(request)
    else:

        def answer(request):
            page = PAGES.get(request.path)
            return async_to_sync(page)(request) if page else get_response(request)

    return answer


async def health(request) -> JsonResponse:
    names = ("database", "redis")
    found = await asyncio.gather(_within(_database()), _within(_redis()))
    problems = {name: problem for name, problem in zip(names, found, strict=True) if problem}
    body = {"status": "unavailable" if problems else "ok", **{name: problems.get(name, "ok") for name in names}}
    if "database" not in problems and await status.is_staff(request):
        body["details"] = status.details()
    return JsonResponse(body, status=503 if problems else 200, headers={"Cache-Control": "no-store"})


async def metrics(request) -> HttpResponse:
    return status.metrics() if await status.is_staff(request) else HttpResponse("For staff.\n", status=403)


PAGES = {"/healthz": health, "/metrics": metrics}


async def _within(check) -> str:
    """What is wrong, as one word or two; empty when nothing is."""
    try:
        async with asyncio.timeout(SECONDS):
            await check
    except TimeoutError:
        return "no answer"
    except (DatabaseError, RedisError, OSError) as error:
        # The kind alone: the address or the reason are for the log's readers, not for everyone.
        return type(error).__name__
    return ""


async def _database():
    await asyncio.get_running_loop().run_in_executor(_thread, _ask_database)


def _ask_database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


async def _redis():
    for url in settings.REDIS_URLS:
        async with redis.asyncio.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as client:
            await client.ping()
