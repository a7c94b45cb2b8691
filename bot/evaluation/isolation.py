"""Runs an evaluation in a process of its own, with an empty database in a temporary folder and no Redis.

Its rooms are seen by nobody, count towards no limit, and are gone with the folder, however the process ends.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from ..models import Bot
from ..provisioning import create_bot

KEY_VARIABLE = "EVALUATED_BOT_API_KEY"
UNLIMITED = 2**31 - 1  # tokens
_COPIED = ("name", "instruction", "temperature", "tools")


def run_isolated(bot: Bot, arguments: list[str]) -> Iterator[str]:
    """Run `evalbot` with these arguments and this bot elsewhere. Yields what it prints, line by line.

    Raises subprocess.CalledProcessError when it does not end with 0.
    """
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "evalbot", *arguments, "--isolated"]
    with tempfile.TemporaryDirectory(prefix="roundtable-evaluation-") as folder:
        environment = os.environ | _environment(Path(folder)) | {KEY_VARIABLE: bot.endpoint.key}
        with subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:  # fmt: skip
            assert process.stdin and process.stdout
            try:
                process.stdin.write(json.dumps(_describe(bot)))
                process.stdin.close()
                yield from process.stdout
            except BaseException:  # whoever asked has gone
                process.kill()
                raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def set_up(description: str) -> Bot:
    """In that process: the tables, and the bot that its parent describes."""
    call_command("migrate", verbosity=0)
    fields = json.loads(description)
    handle = fields.pop("handle")
    Bot.objects.filter(from_environment=True).update(from_environment=False)
    if bot := Bot.objects.filter(user__username=handle).first():  # made with the tables
        Bot.objects.filter(pk=bot.pk).update(**fields)
    else:
        bot = create_bot(handle, **fields)
    return Bot.objects.select_related("user").get(pk=bot.pk)


def _describe(bot: Bot) -> dict[str, Any]:
    endpoint = bot.endpoint
    return {name: getattr(bot, name) for name in _COPIED} | {
        "handle": bot.user.username,
        "model": endpoint.model,
        "base_url": endpoint.base_url,
        "api": endpoint.api,
        "key_variable": KEY_VARIABLE if endpoint.key else "",
        "max_tokens": endpoint.max_tokens,
        "patience": round(endpoint.patience),
        "context_tokens": bot.context_tokens or settings.BOT_CONTEXT_TOKENS,
        **dict.fromkeys(("person_daily_tokens", "room_daily_tokens", "daily_tokens"), UNLIMITED),
    }


def _environment(folder: Path) -> dict[str, str]:
    limits = ("BOT_DAILY_TOKENS", "BOT_MONTHLY_TOKENS", "BOT_NEWCOMER_TOKENS")
    return {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'evaluation.sqlite3'}",
        "REDIS_URL": f"unix://{folder / 'no-redis.sock'}",
        "LOG_LEVEL": "error",
        **dict.fromkeys(limits, "0"),
    }
