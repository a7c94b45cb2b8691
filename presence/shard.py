"""What this process holds in one Redis: its connections, kept alive by beats and put right after an outage."""

import os
import time
from collections.abc import Callable, Iterable

from redis.asyncio import Redis

from .script_pipeline import OnReply, ScriptPipeline
from .store import BEAT, COALESCED_PAUSE, CROWD, GRACE, PAUSE, RECOVERY, prefix
from .types import PresenceChange

CHUNK_SIZE = 1000  # connections in one script call, so that Redis never stops for long
MAX_PENDING_DEPARTURES = 10_000  # departures kept for when Redis is back; what is beyond expires there by itself


class Shard:
    """rooms: room → {user:connection: whether Redis confirmed it}. The room SERVER holds everyone's admissions."""

    def __init__(self, client: Redis, on_change: Callable[[PresenceChange], None], clock: Callable[[], float] | None):
        self.pipeline = ScriptPipeline(client, prefix())
        self.rooms: dict[str, dict[str, bool]] = {}
        self.people: int | None = None  # on this shard's part of the server, when last heard
        self.coalescing = False  # gather all changes, and tell them rarely
        self.name = os.urandom(6).hex()
        self._on_change = on_change
        self._clock = clock
        self._epoch = ""
        self._next_beat_at = 0.0
        self._stale_until = 0.0
        self._more_to_sweep = False
        self._unconfirmed: set[tuple[str, str]] = set()
        # Departures to be told: grace, confirmed.
        self._pending_departures: dict[tuple[str, str], tuple[float, bool]] = {}
        # Departures in their grace → when it ends. This process says that it has: so it knows that a Redis emptied
        # before has to hear of them again, and one emptied afterwards must not.
        self._grace_ends: dict[tuple[str, str], float] = {}

    @property
    def stale(self) -> bool:
        """Redis is away, or only just back, so that changes may be missing from its lists."""
        return self.pipeline.is_down or self._now() < self._stale_until

    def call(self, script: str, *args, done: OnReply, probe: bool = False) -> None:
        """Run a script. done(its reply without the common part), or done(None) when Redis is away."""

        def finish(reply):
            if reply is None:
                self._next_beat_at = 0.0
                self.mark_stale()
                done(None)
                return
            self._check_epoch(reply[0])
            for room, people, joined, left in reply[1]:
                self._on_change(PresenceChange(room, joined, left, people))
            done(reply[2:])

        now = int(self._clock() * 1000) if self._clock else ""
        crowd, pause = (0, COALESCED_PAUSE) if self.coalescing else (CROWD, PAUSE)
        fresh = f"{self.name}.{time.time_ns()}"
        self.pipeline.call(script, (now, self._epoch, fresh, crowd, int(pause * 1000), *args), finish, probe)

    def arrive(self, room: str, member: str, limit: int, done: OnReply) -> None:
        """A connection comes; it is held here at once, and given up when Redis says that the limit is reached."""
        self.rooms.setdefault(room, {})[member] = False

        def confirm(reply):
            held = self.rooms.get(room, {})
            if reply and reply[0] and member in held:
                held[member] = True
            elif member in held:
                self._unconfirmed.add((room, member))
            done(reply)

        self.call("arrive", room, member, limit, done=confirm)

    def depart(self, room: str, member: str, grace: float) -> bool:
        """Whether this connection was held here; if so, Redis is told, now or when it is back."""
        held = self.rooms.get(room, {})
        if member not in held:
            return False
        confirmed = held.pop(member)
        if not held:
            del self.rooms[room]
        self._unconfirmed.discard((room, member))
        self._depart(room, member, grace, confirmed)
        return True

    def tick(self, active: Iterable[int], on_overloads: Callable[[dict[str, str]], None]) -> None:
        """Once a second: sweep, and whatever else is due, in one exchange.

        on_overloads(scope → cause) hears all overloads that this Redis has.
        """

        def ticked(reply):
            if reply:
                self.people, self._more_to_sweep = reply[0], bool(reply[1])
                on_overloads(dict(zip(reply[2][::2], reply[2][1::2], strict=True)))

        self.call("tick", *active, done=ticked, probe=True)
        if self.pipeline.is_down:
            return
        for (room, member), (grace, confirmed) in self._take_pending_departures():
            self._depart(room, member, grace, confirmed)
        for room, member in self._take_unconfirmed():
            self.arrive(room, member, 0, done=_ignore_reply)
        self._report_expired_graces()
        if self._now() >= self._next_beat_at:
            self._beat()

    @property
    def needs_tick(self) -> bool:
        """Whether a tick is worth while at once: more to sweep, or Redis is just back and needs all beats."""
        return not self.pipeline.is_down and (self._more_to_sweep or self._now() >= self._next_beat_at)

    def _beat(self):
        self._next_beat_at = self._now() + BEAT
        args: list[str] = []
        size = 0
        for room, members in list(self.rooms.items()):
            names = [member for member, confirmed in members.items() if confirmed]
            for start in range(0, len(names), CHUNK_SIZE):
                part = names[start : start + CHUNK_SIZE]
                args += room, " ".join(part)
                size += len(part)
                if size >= CHUNK_SIZE:
                    self.call("beat", *args, done=_ignore_reply)
                    args, size = [], 0
        if args:
            self.call("beat", *args, done=_ignore_reply)

    def _depart(self, room, member, grace, confirmed):
        def check(reply):
            if reply is not None and len(self._grace_ends) < MAX_PENDING_DEPARTURES:
                self._grace_ends[room, member] = self._now() + grace
            elif reply is None and len(self._pending_departures) < MAX_PENDING_DEPARTURES:
                self._pending_departures[room, member] = (grace, confirmed)

        self.call("depart", room, member, int(grace * 1000), int(confirmed), done=check)

    def _report_expired_graces(self):
        over = [key for key, at in self._grace_ends.items() if at <= self._now()]
        for start in range(0, len(over), CHUNK_SIZE):
            self._report_left(over[start : start + CHUNK_SIZE])

    def _report_left(self, keys):
        def said(reply):
            if reply is not None:
                for key in keys:
                    self._grace_ends.pop(key, None)

        names = [name for room, member in keys for name in (room, member.partition(":")[0])]
        self.call("leave", *names, done=said)

    def _take_pending_departures(self):
        departures, self._pending_departures = self._pending_departures, {}
        return departures.items()

    def _take_unconfirmed(self):
        unconfirmed, self._unconfirmed = self._unconfirmed, set()
        return [(room, member) for room, member in unconfirmed if member in self.rooms.get(room, {})]

    def _check_epoch(self, epoch: str):
        if epoch != self._epoch and self._epoch:
            self._next_beat_at = 0.0
            self.mark_stale()
            self._pending_departures |= dict.fromkeys(self._grace_ends, (GRACE, True))
            self._grace_ends.clear()
        self._epoch = epoch

    def mark_stale(self) -> None:
        """Something went untold or unheard: its lists are stale for a while, and are given anew afterwards."""
        self._stale_until = self._now() + RECOVERY + 1

    def _now(self) -> float:
        return self._clock() if self._clock else time.monotonic()


def _ignore_reply(_reply):
    pass
