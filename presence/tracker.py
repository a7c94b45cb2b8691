"""Who is here: one Tracker a web process. Redis decides who came and who left; this keeps it told.

Nothing here raises because Redis is away, and nothing waits for it longer than half a second.
"""

from collections.abc import Callable, Iterable

from .facts import Change, Notice, Online, Status


class Tracker:
    """Counts people by their connections, over all processes.

        tracker = Tracker(on_change=tell_room, on_notice=tell_people, on_stale=tell_page)
        await tracker.start()
        if await tracker.admit(user.id, connection, settings.MAX_SOCKETS_PER_USER):
            try:
                online = await tracker.arrive(room, user.id, connection)
                ...
            finally:
                tracker.depart(room, user.id, connection)     # or release(user.id, connection) if it never arrived

    connection: any text without white space, unique to this socket.
    The callbacks are plain functions, called in the loop; what they raise is logged.
    """

    def __init__(
        self,
        *,
        on_change: Callable[[Change], None],
        on_notice: Callable[[Notice], None] | None = None,
        on_stale: Callable[[bool], None] | None = None,
        clients: list | None = None,
        clock: Callable[[], float] | None = None,
    ):
        """on_change(change): tell the room's group; it is called in one process only.
        on_notice(notice): tell the room's group, or everybody; it is called in one process only.
        on_stale(stale): True when Redis went away, False when it is back and the lists are right again: tell this
        process's own sockets, and after False give them fresh lists (`online`), since changes may have gone untold.
        clients: redis.asyncio clients, one a shard; by default made from the settings.
        clock: seconds; by default the clock of each Redis, so that the clocks of the hosts do not matter.
        """
        raise NotImplementedError

    async def start(self) -> None:
        """Begin to beat and to sweep. Succeeds without Redis too."""
        raise NotImplementedError

    def shutting_down(self) -> None:
        """From now on those who depart get 10 seconds instead of 3 to be back unnoticed: call it on SIGTERM."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Depart all, and end. At most a second. Whoever is back within 10 seconds was never seen leaving."""
        raise NotImplementedError

    async def admit(self, user_id: int, connection: str, limit: int) -> bool:
        """Whether this person may open one more socket. True takes the place, until `depart` or `release`."""
        raise NotImplementedError

    def release(self, user_id: int, connection: str) -> None:
        """Give the place back that `admit` took, for a socket that never arrived in a room."""
        raise NotImplementedError

    async def arrive(self, room: str, user_id: int, connection: str) -> Online:
        """Somebody opened a connection to a room. Returns who is there, themselves included."""
        raise NotImplementedError

    def depart(self, room: str, user_id: int, connection: str) -> None:
        """A connection ended; its admission ends too. Never waits. Unknown connections do no harm."""
        raise NotImplementedError

    async def online(self, room: str, everybody: bool = False) -> Online:
        """Who is in a room; `everybody` gives all ids of big rooms too."""
        raise NotImplementedError

    async def counts(self, rooms: Iterable[str]) -> dict[str, int]:
        """How many people are in each room."""
        raise NotImplementedError

    async def status(self, user_ids: Iterable[int]) -> dict[int, Status]:
        """Here, away or when last seen, for each."""
        raise NotImplementedError

    def active(self, user_id: int) -> None:
        """This person did something just now (typed, sent, read). Cheap: call it for every command."""
        raise NotImplementedError

    async def typing(self, room: str, user_id: int) -> bool:
        """Whether to tell the room that they type: once in 3 s a person, never above 200 people or when overloaded."""
        raise NotImplementedError

    @property
    def connections(self) -> int:
        """Sockets of this process that hold a place, for MAX_CONNECTIONS."""
        raise NotImplementedError

    @property
    def stale(self) -> bool:
        """Whether a Redis is away just now."""
        raise NotImplementedError

    # tracker.overload (see overload.py): .degraded(room=None) -> bool, .felt("loop" | "database" | "bot", bool),
    # .state() -> dict for /healthz and metrics, .notices(room) -> list[str]
