import asyncio
import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bot import endpoint_check
from bot.llm.checks import OPTIONAL, CheckResult
from bot.llm.endpoint import OPENAI_URL, ModelEndpoint
from bot.models import Bot
from bot.provisioning import ensure_default_bot


class Command(BaseCommand):
    help = "Tries a bot's model step by step, and says what works, what does not, why, and which setting helps."

    def add_arguments(self, parser):
        parser.add_argument("handle", nargs="?", help="the bot; the one from the environment by default")

    def handle(self, handle, **options):
        ensure_default_bot()
        bot = Bot.objects.select_related("user").filter(user__username__iexact=handle or settings.BOT_NAME).first()
        if bot is None:
            raise CommandError(f"There is no bot called {handle or settings.BOT_NAME}; addbot makes one.")
        endpoint = bot.endpoint
        self.stdout.write(f"{bot}: {'enabled' if bot.enabled else 'switched off'}, {_described(endpoint)}")
        self._check_key(bot, endpoint)
        if not endpoint.configured:
            raise CommandError(
                "No model is connected, so it answers without one. Set OPENAI_API_KEY or OPENAI_BASE_URL."
            )
        results = asyncio.run(self._run_checks(bot))
        endpoint_check.remember(endpoint, results)
        first = results[0] if len(results) == 1 else results[1]
        if not first.passed:
            why = f"{first.sentence} ({first.detail})" if first.detail else first.sentence
            raise CommandError(f"It does not work: {why}")
        failed = [result.step for result in results if not result.passed and result.step not in OPTIONAL]
        works = "It works." if not failed else f"It works, but not all of it: {', '.join(failed)}."
        self.stdout.write(self.style.SUCCESS(works) if not failed else self.style.WARNING(works))

    def _check_key(self, bot: Bot, endpoint: ModelEndpoint) -> None:
        if bot.key_variable and not os.environ.get(bot.key_variable):
            self.stdout.write(self.style.WARNING(f"The variable {bot.key_variable} is not set."))
        elif not endpoint.key:
            self.stdout.write("It sends no key, which is right for servers of your own.")

    async def _run_checks(self, bot: Bot) -> list[CheckResult]:
        results = []
        async for result in endpoint_check.check_bot(bot):
            self._report(result)
            results.append(result)
        return results

    def _report(self, result: CheckResult) -> None:
        words = f"{result.sentence} ({result.detail})" if result.detail else result.sentence
        mark = self.style.SUCCESS("passed") if result.passed else self.style.ERROR("failed")
        self.stdout.write(f"{result.step}: {mark}{_measured(result)} {words}".rstrip())
        for feature, reason in result.left_out.items():
            self.stdout.write(f"  Its server does not take {feature}: {reason or 'it gave no reason'}")
        if result.said and result.step == "stream":
            self.stdout.write(f"  It answers: {result.said[:200]!r}")
        if result.hint:
            self.stdout.write(f"  {result.hint}")


def _measured(result: CheckResult) -> str:
    """Times and tokens of a step, as far as they are known."""
    parts = [f"{result.seconds:.1f} s"]
    if result.first_seconds is not None:
        parts.append(f"first words after {result.first_seconds:.1f} s")
    if result.tokens_read is not None:
        parts.append(f"{result.tokens_read} tokens in, {result.tokens_written} out")
    if rate := result.tokens_read_per_second:
        parts.append(f"reads {rate:.0f} tokens a second")
    if rate := result.tokens_per_second:
        parts.append(f"writes {rate:.0f} tokens a second")
    return f" ({', '.join(parts)})" if result.passed else ""


def _described(endpoint: ModelEndpoint) -> str:
    where = endpoint.base_url or OPENAI_URL
    return f"model {endpoint.model!r} at {where}, {endpoint.api} API"
