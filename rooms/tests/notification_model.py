"""Whom something concerns, and of whom it calls, said once more in plain words, apart from the SQL: the reference of
test_notification_model.py. Everybody goes by their name."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

COLLAPSED = {"direct", "message"}


@dataclass
class Place:
    """Of somebody in a room. read: the number up to which they have read."""

    read: int
    role: str = "member"
    level: str = ""
    muted: bool = False
    ends: bool = False  # the mute, by itself
    banned: bool = False
    told: bool = True  # that they were banned; not who never belonged there


@dataclass
class Said:
    id: int
    room: str
    author: str
    seq: int
    answers: str = ""  # whose message it replies to
    finished: int = 0  # the number with which a bot finished it
    named: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)  # its other words
    deleted: bool = False
    reacted: list[str] = field(default_factory=list)  # who reacted, the last one last


@dataclass
class Row:
    kind: str
    said: Said
    by: str
    seq: int
    done: bool = False


@dataclass
class World:
    direct: set[str]  # rooms
    group: set[str]  # people of the group @design
    here: set[str] = field(default_factory=set)
    default: dict[str, str] = field(default_factory=dict)  # person → level
    words: dict[str, set[str]] = field(default_factory=dict)  # person → those that call for them
    reactions: set[str] = field(default_factory=set)  # people who want to hear of those to their messages
    blocks: set[tuple[str, str]] = field(default_factory=set)  # (who, whom)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)  # (person, room)
    notes: list[tuple[str, str]] = field(default_factory=list)  # (person, what a moderator did), neither read nor done
    rows: dict[tuple[str, int], Row] = field(default_factory=dict)  # (person, message)

    def level(self, person: str, room: str) -> str:
        usual = "all" if room in self.direct else self.default.get(person, "mentions")
        return self.places[person, room].level or usual

    def belongs(self, person: str, room: str) -> bool:
        return (person, room) in self.places and not self.places[person, room].banned

    def moderates(self, person: str, room: str) -> bool:
        return self.places[person, room].role in ("owner", "moderator")

    def let_go(self, person: str, rooms: Collection[str], level: str = "") -> None:
        """Their level fell, or the room is muted: unread messages that are for nobody by name are withdrawn."""
        for key, row in [each for each in self._unread() if each[0][0] == person and each[1].said.room in rooms]:
            now = level or self.level(person, row.said.room)
            personal = person in row.said.named or person == row.said.answers
            direct = row.kind == "direct" and (now == "nothing" or (now == "mentions" and not personal))
            if direct or (row.kind == "message" and now != "all"):
                del self.rows[key]

    def post(self, said: Said) -> None:
        for person, room in list(self.places):
            if room == said.room and (kind := self._kind(person, said)):
                self.rows[person, said.id] = Row(kind, said, said.author, said.finished or said.seq)

    def _kind(self, person: str, said: Said) -> str:
        level = self.level(person, said.room)
        strange = person == said.author or (person, said.author) in self.blocks or not self.belongs(person, said.room)
        if strange or level == "nothing":
            return ""
        personal = person in said.named or person == said.answers
        muted = self.places[person, said.room].muted
        if said.room in self.direct:
            return "direct" if (personal or said.finished or level == "all") and not muted else ""
        if personal:
            return "mention" if person in said.named else "answer" if said.finished else "reply"
        if muted:
            return ""
        if called := self._called(person, said.calls, person in self.here):
            return called
        if self._says(person, said):
            return "keyword"
        return "message" if level == "all" else ""

    def mutes_end(self, person: str) -> None:
        for (owner, _room), place in self.places.items():
            if owner == person and place.ends:
                place.muted = place.ends = False

    def _says(self, person: str, said: Said) -> bool:
        return bool(said.plain & self.words.get(person, set()))

    def _called(self, person: str, calls: Collection[str], here: bool) -> str:
        if "room" in calls:
            return "room"
        if "design" in calls and person in self.group:
            return "group"
        return "here" if "here" in calls and here else ""

    def edit(self, said: Said, named: set[str], calls: set[str], plain: set[str]) -> None:
        """Nobody hears of it anew; who is no longer meant hears of it by what is left, if anything is."""
        lost, said.named, said.calls, said.plain = said.named - named, named, said.calls & calls, plain
        for person, row in self._of(said):
            quiet = row.kind == "direct" and self.level(person, said.room) == "mentions"
            if quiet and person in lost and person != said.answers:
                del self.rows[person, said.id]
            elif kind := self._left(person, row):
                row.kind = kind
            else:
                del self.rows[person, said.id]

    def _left(self, person: str, row: Row) -> str:
        said, was = row.said, row.kind
        if was in ("direct", "message", "reply", "reaction") or (was == "mention" and person in said.named):
            return was
        if was == "keyword" and self._says(person, said):
            return was
        # Who was called with the whole room is called with those who are here, whoever was.
        still = self._called(person, said.calls, was in ("here", "room"))
        if was == still or (was == "here" and "here" in said.calls) or (was == "group" and still == "room"):
            return was
        if person == said.answers:
            return "reply"
        place = self.places.get((person, said.room))
        if place is None or place.muted:
            return ""
        return still or ("message" if self.level(person, said.room) == "all" else "")

    def react(self, said: Said, who: str, seq: int) -> None:
        author = said.author
        said.reacted.append(who)
        heard = author in self.reactions and self.belongs(author, said.room) and (author, who) not in self.blocks
        if who != author and heard and self.level(author, said.room) != "nothing":
            self.rows[author, said.id] = Row("reaction", said, who, seq)

    def unreact(self, said: Said, who: str) -> None:
        said.reacted.remove(who)
        key, author = (said.author, said.id), said.author
        left = [each for each in said.reacted if each != author and (author, each) not in self.blocks]
        if key in self.rows and left:
            self.rows[key].by = left[-1]
        elif key in self.rows:
            del self.rows[key]

    def no_reactions(self, person: str) -> None:
        """They want to hear of them no more: what they have seen stays."""
        self.reactions.discard(person)
        for key in [key for key, row in self._unread() if key[0] == person and row.kind == "reaction"]:
            del self.rows[key]

    def delete(self, said: Said) -> None:
        said.deleted = True
        for person, _row in self._of(said):
            del self.rows[person, said.id]

    def block(self, person: str, other: str) -> None:
        self.blocks.add((person, other))
        self.rows = {key: row for key, row in self.rows.items() if (key[0], row.by) != (person, other)}

    def _of(self, said: Said) -> list[tuple[str, Row]]:
        return [(person, row) for (person, id), row in self.rows.items() if id == said.id]

    def visible(self) -> dict[tuple[str, int], str]:
        """What there is for people to see: the kind of each."""
        return {key: row.kind for key, row in self.rows.items() if self.belongs(key[0], row.said.room)}

    def _unread(self) -> Iterator[tuple[tuple[str, int], Row]]:
        for key in self.visible():
            row = self.rows[key]
            if not row.done and self.places[key[0], row.said.room].read < row.seq:
                yield key, row

    def lines(self, person: str) -> int:
        """Of their inbox, unread."""
        mine = [(row.kind, row.said) for (owner, _id), row in self._unread() if owner == person]
        notes = sum(each == person for each, _what in self.notes)
        return len({said.room if kind in COLLAPSED else said.id for kind, said in mine}) + notes

    def calling(self) -> set[tuple[str, int]]:
        """What may ring now."""
        return {key for key, row in self._unread() if self._rings(key[0], row)}

    def _rings(self, person: str, row: Row) -> bool:
        level = self.level(person, row.said.room)
        loud = level == "all" if row.kind == "message" else level != "nothing"
        return loud and not self.places[person, row.said.room].muted
