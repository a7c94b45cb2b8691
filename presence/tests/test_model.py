"""Any sequence of what can happen to several processes gives the lists that a simple model gives.

The model: a connection that its process keeps alive must be listed; one that ended, or whose process cannot be
heard, may be listed for a while. And whatever happens, each person's joined and left alternate.
"""

import asyncio
from dataclasses import dataclass, field
from unittest.mock import AsyncMock

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis.exceptions import ConnectionError as RedisAway

from presence.store import BEAT, GRACE, LIFETIME, RECOVERY

from .conftest import World

ROOMS = st.sampled_from(["lobby", "kitchen"])
USERS = st.integers(1, 3)
SOON = 2  # seconds in which a process that is heard again has put everything right
FOREVER = float("inf")


@dataclass
class Process:
    tracker: object = field(repr=False)
    heard_since: float = 0.0  # FOREVER while it stalls or is cut off
    stalled: bool = False


@dataclass
class Connection:
    process: Process = field(repr=False)
    room: str
    user: int
    name: str
    since: float
    listed_by: float = 0.0  # from then on it must be listed
    must_until: float = FOREVER
    may_until: float = FOREVER

    @property
    def open(self) -> bool:
        return self.may_until == FOREVER


class Presence(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.world = World(settings)
        self.processes: list[Process] = []
        self.connections: list[Connection] = []
        self.told: dict[tuple[str, int], str] = {}
        self.faults_until = self.filled_at = 0.0
        self.count = 0

    def run(self, coroutine):
        return self.loop.run_until_complete(coroutine)

    @initialize()
    def two_processes(self):
        self.start()
        self.start()

    @precondition(lambda self: self.whole() and len(self.processes) < 4)
    @rule()
    def start(self):
        process = Process(self.world.process())
        self.run(process.tracker.tick())
        self.processes.append(process)

    @rule(room=ROOMS, user=USERS, data=st.data())
    def arrive(self, room, user, data):
        process = data.draw(st.sampled_from([each for each in self.processes if not each.stalled]))
        self.count += 1
        name = f"c{self.count}"
        online = self.run(process.tracker.arrive(room, user, name))
        assert user in online.ids
        assert process.heard_since != FOREVER or online.stale
        now = self.world.now
        listed_by = now if process.heard_since + SOON <= now else process.heard_since + SOON
        self.connections.append(Connection(process, room, user, name, now, listed_by))

    @precondition(lambda self: self.departing())
    @rule(data=st.data())
    def depart(self, data):
        connection = data.draw(st.sampled_from(self.departing()))
        self.run(self.leave(connection))
        heard = connection.process.heard_since + SOON <= self.world.now
        connection.must_until = self.world.now
        # Unheard, it is told when the process is heard again, and expires otherwise.
        connection.may_until = self.world.now + (GRACE + RECOVERY if heard else LIFETIME + RECOVERY + SOON)

    async def leave(self, connection):
        connection.process.tracker.depart(connection.room, connection.user, connection.name)
        await self.world.settle()

    @precondition(lambda self: self.whole() and self.spare())
    @rule(data=st.data())
    def crash(self, data):
        process = data.draw(st.sampled_from(self.spare()))
        self.run(self.world.crash(process.tracker))
        self.processes.remove(process)
        self.faults_until = self.world.now + LIFETIME + SOON
        for connection in self.of(process):
            self.unheard(connection)
            connection.may_until = min(connection.may_until, self.world.now + LIFETIME + SOON)

    @precondition(lambda self: self.whole() and len(self.heard()) > 1)
    @rule(data=st.data())
    def stall(self, data):
        """The whole process stops for a while, as under SIGSTOP."""
        process = data.draw(st.sampled_from(self.heard()))
        process.stalled = True
        self.world.trackers.remove(process.tracker)
        self.lose(process)

    @precondition(lambda self: self.whole() and len(self.heard()) > 1)
    @rule(data=st.data())
    def cut(self, data):
        """Its way to Redis is cut."""
        process = data.draw(st.sampled_from(self.heard()))
        for shard in process.tracker._shards:
            shard.pipeline._pipeline = AsyncMock(side_effect=RedisAway("cut off"))
        self.lose(process)
        self.run(process.tracker.tick())

    @precondition(lambda self: len(self.heard()) < len(self.processes))
    @rule(data=st.data())
    def mend(self, data):
        process = data.draw(st.sampled_from([each for each in self.processes if each.heard_since == FOREVER]))
        if process.stalled:
            process.stalled = False
            self.world.trackers.append(process.tracker)
        for shard in process.tracker._shards:
            vars(shard.pipeline).pop("_pipeline", None)
        process.heard_since = self.world.now
        self.faults_until = max(self.faults_until, self.world.now + SOON)
        for connection in self.of(process):
            if connection.open:
                connection.must_until, connection.listed_by = FOREVER, self.world.now + SOON
            else:
                connection.may_until = min(connection.may_until, self.world.now + SOON + GRACE + RECOVERY)

    @precondition(lambda self: self.world.now > self.faults_until and len(self.heard()) == len(self.processes))
    @rule()
    def forget(self):
        """Redis is emptied. (Not while another fault lasts: who crashed is then known to nobody.)"""
        self.world.forget()
        self.faults_until = self.world.now + RECOVERY + SOON
        self.filled_at = self.world.now + SOON
        for connection in self.connections:
            connection.listed_by = max(connection.listed_by, self.filled_at)

    @rule(seconds=st.sampled_from([1, 1, 2, 3, 5, 12, 33]))
    def wait(self, seconds):
        self.run(self.world.wait(seconds))

    @invariant()
    def joined_and_left_alternate(self):
        for change in self.world.changes:
            for word, users in (("left", change.left), ("joined", change.joined)):
                for user in users:
                    assert self.told.get((change.room, user), "left") != word, f"{user} {word} {change.room} twice"
                    self.told[change.room, user] = word
        self.world.changes.clear()

    @invariant()
    def lists_are_as_the_model_says(self):
        now = self.world.now
        for process in self.heard():
            if process.heard_since + SOON > now:
                continue
            for room in ("lobby", "kitchen"):
                here = [connection for connection in self.connections if connection.room == room]
                must = {each.user for each in here if each.listed_by <= now < each.must_until}
                may = {each.user for each in here if now < each.may_until}
                online = self.run(process.tracker.online(room))
                assert must <= set(online.ids) <= may
                assert len(set(online.ids)) == len(online.ids) == online.count

    def teardown(self):
        while any(process.heard_since == FOREVER for process in self.processes):
            self.mend(_First())
        self.wait(int(LIFETIME + RECOVERY) + SOON)
        self.joined_and_left_alternate()
        self.lists_are_as_the_model_says()
        listed = {(connection.room, connection.user) for connection in self.connections if connection.open}
        assert {key for key, word in self.told.items() if word == "joined"} == listed
        self.run(self.world.close())
        self.loop.close()

    def whole(self):
        """Redis was not emptied a moment ago: one fault at a time, and a process that starts then cannot know it."""
        return self.world.now >= self.filled_at

    def heard(self):
        return [process for process in self.processes if process.heard_since != FOREVER]

    def spare(self):
        """Processes that may die: one that is heard always stays."""
        return [process for process in self.processes if process not in self.heard()[:1] and not process.stalled]

    def departing(self):
        return [connection for connection in self.connections if connection.open and not connection.process.stalled]

    def of(self, process):
        return [connection for connection in self.connections if connection.process is process]

    def lose(self, process):
        process.heard_since = FOREVER
        for connection in self.of(process):
            self.unheard(connection)

    def unheard(self, connection):
        if connection.listed_by > self.world.now:
            connection.listed_by = FOREVER
        if not connection.open and connection.may_until > self.world.now:
            connection.may_until = max(connection.may_until, self.world.now + LIFETIME + SOON)
        connection.must_until = min(connection.must_until, self.world.now + LIFETIME - BEAT - 1)


class _First:
    def draw(self, strategy):
        return strategy.elements[0]


@pytest.mark.long
def test_lists_and_changes_are_those_of_the_model(redis_server):
    some = effort(max_examples=40, stateful_step_count=30, suppress_health_check=list(HealthCheck))
    prefix = settings.REDIS_PREFIX
    try:
        run_state_machine_as_test(Presence, settings=some)
    finally:
        settings.REDIS_PREFIX = prefix
