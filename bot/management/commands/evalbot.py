import asyncio
import json
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bot.evaluation import isolation
from bot.evaluation.cases import DEFAULT_FILE, Case, CaseError, load_cases
from bot.evaluation.runner import Result, evaluate
from bot.models import Bot
from bot.provisioning import ensure_default_bot


class Command(BaseCommand):
    help = (
        "Asks a bot a question in each of some small rooms, and checks the answers. The rooms are in a database of "
        "their own, which is deleted. Ends with 1 when an answer is not as expected."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT_FILE,
                            help="cases as TOML or JSON; by default those of this program")  # fmt: skip
        parser.add_argument("--bot", help="its handle; the one from the environment by default")
        parser.add_argument("--only", action="append", default=[], metavar="NAME",
                            help="a case, or what some are about; may be repeated")  # fmt: skip
        parser.add_argument("--list", action="store_true", help="list the cases, and ask nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
        parser.add_argument("--isolated", action="store_true", help="used by the command itself")

    def handle(self, file: Path, only: list[str], **options):
        cases = self._choose(file.resolve(), only)
        if options["list"]:
            return self.stdout.write("\n".join(f"{case.about}: {case.name}" for case in cases))
        if options["isolated"]:
            return self._evaluate(cases, options["json"])
        bot = self._find_bot(options["bot"])
        chosen = [f"--only={name}" for name in only]
        shown = ["--json"] if options["json"] else []
        color = ["--no-color"] if options["no_color"] else []
        try:
            for line in isolation.run_isolated(bot, [str(file.resolve()), *chosen, *shown, *color]):
                self.stdout.write(line, ending="")
        except subprocess.CalledProcessError as error:
            sys.exit(error.returncode)

    def _choose(self, file: Path, only: list[str]) -> list[Case]:
        try:
            cases = load_cases(file)
        except CaseError as error:
            raise CommandError(str(error)) from None
        chosen = [case for case in cases if not only or {case.name, case.about} & set(only)]
        if unknown := set(only) - {name for case in cases for name in (case.name, case.about)}:
            raise CommandError(f"There is no case {', '.join(sorted(unknown))}; --list names them.")
        return chosen

    def _find_bot(self, handle: str | None) -> Bot:
        ensure_default_bot()
        handle = handle or settings.BOT_NAME
        bot = Bot.objects.select_related("user").filter(user__username__iexact=handle).first()
        if bot is None:
            raise CommandError(f"There is no bot called {handle}; addbot makes one.")
        if not bot.endpoint.configured:
            raise CommandError("No model is connected. Set OPENAI_API_KEY or OPENAI_BASE_URL.")
        return bot

    def _evaluate(self, cases: list[Case], as_json: bool) -> None:
        bot = isolation.set_up(sys.stdin.read())
        results = asyncio.run(self._run(bot, cases, as_json))
        passed = sum(result.passed for result in results)
        if as_json:
            found = {"bot": bot.user.username, "model": bot.model, "passed": passed, "of": len(results)}
            self.stdout.write(json.dumps(found | {"cases": list(map(_to_json, results))}, ensure_ascii=False, indent=1))
        else:
            style = self.style.SUCCESS if passed == len(results) else self.style.WARNING
            self.stdout.write(style(f"{bot} with {bot.model}: {passed} of {len(results)} passed."))
        if passed < len(results):
            sys.exit(1)

    async def _run(self, bot: Bot, cases: list[Case], as_json: bool) -> list[Result]:
        results = []
        async for result in evaluate(bot, cases):
            results.append(result)
            if not as_json:
                self._report(result)
        return results

    def _report(self, result: Result) -> None:
        mark = self.style.SUCCESS("passed") if result.passed else self.style.ERROR("failed")
        self.stdout.write(f"{mark}  {result.case.about:<12} {result.case.name:<36} {result.seconds:6.1f} s")
        for problem in result.problems:
            self.stdout.write(f"        {problem}")
        if result.problems and result.answer:
            self.stdout.write(f"        It answered: {' '.join(result.answer.split())[:300]!r}")
        self.stdout.flush()


def _to_json(result: Result) -> dict:
    return {
        "name": result.case.name,
        "about": result.case.about,
        "passed": result.passed,
        "problems": result.problems,
        "answer": result.answer,
        "seconds": round(result.seconds, 3),
        "tokens_in": result.tokens_in,
        "tokens_out": result.tokens_out,
    }
