"""What presence says to the rest of the program. Users are ids, rooms are names; nothing here knows more."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PresenceChange:
    """Who came to a room and who left it, said once across all processes, by the process that was told to.

    For one person and room, joined and left alternate. online: how many people are there now.
    """

    room: str
    joined: list[int]
    left: list[int]
    online: int


@dataclass(frozen=True, slots=True)
class OnlineList:
    """Who is in a room. ids: everybody in rooms up to 200 people, else the 50 who are there longest.

    stale: Redis is away, and this is only what this process knows itself.
    notices: what is to be told to somebody who joins now, because an overload lasts.
    """

    ids: list[int]
    count: int
    stale: bool = False
    typing: list[int] = field(default_factory=list)
    notices: list["OverloadNotice"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PresenceStatus:
    """One person: connected anywhere; away when without input for 5 minutes; when last seen (Unix time, if known)."""

    here: bool = False
    away: bool = False
    seen: float | None = None


@dataclass(frozen=True, slots=True)
class OverloadNotice:
    """An overload notice, said once across all processes. room: None means everybody on the server.

    cause: "people" (more than `most` are here), "loop", "database" or "bot"; none when the load is back to normal.
    """

    room: str | None
    level: str  # "overload" or "normal", as in the `broadcast` event
    text: str
    cause: str = ""
    most: int = 0
