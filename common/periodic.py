"""Work that is done every few seconds, for as long as a process lives."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

from .outages import Outages

Work = Callable[[], Awaitable[bool | None]]


class PeriodicRunner:
    """Repeats work, even after a round that fails.

    logger_name: the module whose work it is.
    away: exceptions raised while a server cannot be reached. They make one line in the log when they begin and one when
    they are over. Other exceptions are logged with their traceback. Either way the next round comes.
    """

    def __init__(self, logger_name: str, away: tuple[type[Exception], ...] = ()):
        self._logger = logging.getLogger(logger_name)
        self._outages = Outages(logger_name)
        self._away = away

    async def run_every(self, seconds: float, work: Work, delay: float | None = None, jitter: float = 0.0) -> None:
        """Run `work` until cancelled, which may interrupt a round.

        seconds: from the end of one round to the start of the next. No pause when `work` returned True: it has more.
        delay: seconds before the first round; by default `seconds`.
        jitter: 0.1 makes each wait up to a tenth longer or shorter, so that many processes do not act together.
        """
        if delay := seconds if delay is None else delay:
            await asyncio.sleep(delay)
        while True:
            more = await self.run_once(work)
            await asyncio.sleep(0 if more else seconds * random.uniform(1 - jitter, 1 + jitter))  # noqa: S311 - no secret

    async def run_once(self, work: Work) -> bool:
        """One round. Returns whether `work` has more to do; False when it failed."""
        name = work.__name__
        try:
            more = await work()
        except self._away as error:
            self._outages.note({name: f"{type(error).__name__}: {' '.join(str(error).split())}"})
        except Exception:  # noqa: BLE001 - whatever it was, the next round comes
            self._logger.exception("%s failed", name)
        else:
            self._outages.note({name: ""})
            return bool(more)
        return False
