"""Too many people, or load that is felt: said once when it begins and once when it ends, whichever process saw it.

Redis decides (lua/evaluate_overload.lua): above the limit it begins, below 90 % of it it ends, and 30 s lie between two
changes.
"""

import logging
import os
import random
from collections.abc import Callable, Container, Mapping

from .load_metrics import LoopDelay, Sustained
from .shard import Shard
from .store import SERVER
from .types import OverloadNotice

logger = logging.getLogger(__name__)

BACK_TO_NORMAL = "Load is back to normal."
LOAD_CAUSES = {
    "loop": "the server answers slowly",
    "database": "the database is busy",
    "bot": "many questions wait for the bot",
}


class OverloadMonitor:
    """State of one process's view.

    home: gives the Shard a room, or SERVER, lives on. room_limit, server_limit: people.
    measures: "database" or "bot" → a quick function that gives the load, 1.0 or more being too much:
    busy / size of the database pool, waiting questions / their limit.
    """

    def __init__(
        self,
        shard_of: Callable[[str], Shard],
        on_notice: Callable[[OverloadNotice], None],
        room_limit: int,
        server_limit: int,
        measures: Mapping[str, Callable[[], float]],
        clock: Callable[[], float],
    ):
        self.loop_delay = LoopDelay()
        self._shard_of = shard_of
        self._name = os.urandom(6).hex()
        self._on_notice = on_notice
        self._limits = (room_limit, server_limit)
        self._measures = measures
        self._sustained = {"database": Sustained(5.0, clock)}
        self._causes: dict[str, str] = {}  # scope → why, while an overload lasts
        self._crowded: set[str] = set()  # rooms above their limit: an overload may be due as soon as 30 s are over
        self._people = 0
        self._active_causes: list[str] = []

    def degraded(self, room: str | None = None) -> bool:
        """Whether to spare what is not a message: typing, and differences of presence."""
        return SERVER in self._causes or room in self._causes

    def severe(self) -> bool:
        """Whether the load is felt, so that catch-ups should be paged smaller too."""
        # A crowd may be the cause that was told.
        return self._causes.get(SERVER) in LOAD_CAUSES or bool(self._active_causes)

    def notices(self, room: str) -> list[OverloadNotice]:
        """What someone who joins the room now is to be told."""
        return [self._notice(scope, self._causes[scope]) for scope in (SERVER, room) if scope in self._causes]

    def state(self) -> dict:
        """For /healthz and metrics."""
        return {
            "overloaded": bool(self._causes),
            "server": self._causes.get(SERVER),
            "rooms": {room: cause for room, cause in self._causes.items() if room != SERVER},
            "people": self._people,
            "felt_here": self._active_causes,
            "loop_delay_p95_ms": round(self.loop_delay.p95() * 1000, 1),
        }

    @staticmethod
    def retry_delay() -> float:
        """Seconds to tell somebody who is turned away, spread so that they do not all return at once."""
        return round(random.uniform(5, 30), 1)  # noqa: S311 - no secret

    def update_room(self, room: str, people: int, cause: str = "") -> None:
        """How many are in a room, and why an overload lasts there, from Redis."""
        if cause:
            self._causes[room] = cause
        elif people > self._limits[0] and room not in self._causes:
            self._evaluate(room, self._limits[0], "", "")
        if people > self._limits[0]:
            self._crowded.add(room)

    def replace_overloads(self, shard: Shard, overloads: dict[str, str]) -> None:
        """All that last on a shard: scope → cause."""
        others = {scope: cause for scope, cause in self._causes.items() if self._shard_of(scope) is not shard}
        self._causes = others | overloads

    def review(self, people: int | None, here: Container[str]) -> None:
        """Once a second. people: on the whole server, if known. here: the rooms that this process has people in."""
        self._active_causes = list(self._measured_causes())
        # Who counts too few would say that an overload is over which lasts.
        if people is not None:
            self._people = people
            self._evaluate(SERVER, self._limits[1], people, " ".join(self._active_causes))
        self._crowded = {room for room in self._crowded if room in here}
        # An overload may have lost its last people here, or everywhere: who knows of it looks after it.
        for room in self._crowded | self._causes.keys() - {SERVER}:
            self._evaluate(room, self._limits[0], "", "")

    def _measured_causes(self):
        if self.loop_delay.is_too_long():
            yield "loop"
        for cause, measure in self._measures.items():
            over = self._measure(cause, measure) >= 1.0
            if self._sustained[cause].update(over) if cause in self._sustained else over:
                yield cause

    @staticmethod
    def _measure(cause: str, measure: Callable[[], float]) -> float:
        try:
            return measure()
        except Exception:
            logger.exception("the measure of %s failed", cause)
            return 0.0

    def _evaluate(self, scope: str, limit: int, people: int | str, felt: str):
        def on_evaluated(reply):
            if reply is None:
                return
            turn, cause, people_now = reply
            if cause:
                self._causes[scope] = cause
            else:
                self._causes.pop(scope, None)
                if people_now <= limit:
                    self._crowded.discard(scope)
            if turn:
                self._on_notice(self._notice(scope, cause))

        believed = self._causes.get(scope, "")
        self._shard_of(scope).call(
            "evaluate_overload", scope, limit, people, self._name, felt, believed, done=on_evaluated
        )

    def _notice(self, scope: str, cause: str) -> OverloadNotice:
        """What to say of a scope; without a cause, that it is over."""
        room = None if scope == SERVER else scope
        if not cause:
            return OverloadNotice(room, "normal", BACK_TO_NORMAL)
        most = self._limits[scope == SERVER] if cause not in LOAD_CAUSES else 0
        return OverloadNotice(
            room, "overload", f"Server overloaded: {_describe_cause(cause, most)}. Replies may be slower.", cause, most
        )


def _describe_cause(cause: str, most: int) -> str:
    return LOAD_CAUSES.get(cause) or f"more than {most} {'person is' if most == 1 else 'people are'} here"
