"""What people do at random, by the program and by the model: the steps of test_notification_model.py."""

import random
from contextlib import suppress
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from jobs.worker import run_all
from rooms.kernel.errors import ChatError
from rooms.models import Membership, Notification, Room
from rooms.queries import inbox
from rooms.services import (
    blocks,
    direct_messages,
    inbox_changes,
    keywords,
    levels,
    membership,
    messages,
    moderation,
)

from .notification_model import Place, World
from .notification_talk import NAMES, PLAIN, Talk, head

OTHER = Place(0, level="all")  # of who is not in a room


class Play(Talk):
    """The same steps, taken by the program and by the model."""

    def __init__(self, seed: int, users: dict, robot: User) -> None:
        self.dice, self.users, self.said, self.taken = random.Random(seed), users, [], 0
        self.robot = robot
        alice = users["alice"]
        public = membership.get_or_create_and_join(alice, "Lobby")
        private = membership.create_room(alice, "Plans", "private")
        direct = direct_messages.get_or_create_direct_message(alice, "bob")
        self.rooms = [public.name, private.name, direct.name]
        self.world = World({direct.name}, {"bob", "dave"})
        for room in (public, private):
            for name in NAMES:
                place = membership.add_member(room, users[name])[0]
                self.world.places[name, room.name] = Place(place.read_seq, place.role)
            self.appoint("alice", room.name, "bob", "moderator")
        for name in ("alice", "bob"):
            self.world.places[name, direct.name] = Place(0)

    def step(self) -> str:
        """Something that somebody does at random. Nothing happens where they may not. Returns what, for failures."""
        dice = self.dice
        deeds = [self.post] * 10 + [
            self.edit,
            self.edit,
            self.edit,
            self.delete,
            self.level,
            self.level,
            self.react,
            self.react,
            self.unreact,
            self.reactions,
            self.words,
            self.mute,
            self.mute,
            self.mutes_end,
            self.answer,
            self.answer,
            self.read,
        ]
        deeds += [self.unread, self.done, self.block, *[self.unblock] * 3, self.default, self.appoint, self.remove]
        deeds += [*[self.come] * 4, self.leave, self.presence]
        deed = dice.choice(deeds)
        room, who, other = dice.choice(self.rooms), dice.choice(NAMES), dice.choice(NAMES)
        with suppress(ChatError):
            deed(who, room, other)
            self.taken += 1
        run_all()
        return f"{deed.__name__} {who} {self.rooms.index(room)} {other}"

    def reactions(self, who: str, room: str, other: str) -> None:
        wanted = self.dice.random() < 0.7
        levels.set_reactions(self.users[who], wanted)
        if wanted:
            self.world.reactions.add(who)
        else:
            self.world.no_reactions(who)

    def words(self, who: str, room: str, other: str) -> None:
        chosen = self.dice.sample(PLAIN, self.dice.choice((0, 1, 1, 2)))
        keywords.set_keywords(self.users[who], chosen)
        self.world.words[who] = set(chosen)

    def level(self, who: str, room: str, other: str) -> None:
        if self.world.belongs(who, room):
            level = self.dice.choice(("", "all", "all", "mentions", "nothing"))
            levels.set_level(self.users[who], room, level)
            self.world.places[who, room].level = level
            self.world.let_go(who, [room])

    def default(self, who: str, room: str, other: str) -> None:
        level = self.dice.choice(("all", "mentions", "nothing"))
        levels.set_default_level(self.users[who], level)
        self.world.default[who] = level
        self.world.let_go(
            who, [room for room in self.rooms[:2] if self.world.places.get((who, room), OTHER).level == ""]
        )

    def mute(self, who: str, room: str, other: str) -> None:
        if self.world.belongs(who, room):
            muted = self.dice.random() < 0.5
            ends = muted and self.dice.random() < 0.5
            levels.mute(self.users[who], room, muted, timezone.now() + timedelta(hours=1) if ends else None)
            place = self.world.places[who, room]
            place.muted, place.ends = muted, ends
            if muted:
                self.world.let_go(who, [room], "nothing")

    def mutes_end(self, who: str, room: str, other: str) -> None:
        """An hour has passed."""
        mine = Membership.objects.filter(user=self.users[who], muted_until__isnull=False)
        mine.update(muted_until=timezone.now() - timedelta(seconds=1))
        self.world.mutes_end(who)

    def read(self, who: str, room: str, other: str) -> None:
        if self.world.belongs(who, room):
            seq = self.dice.randint(0, head(room))
            messages.mark_read(self.users[who], room, seq)
            place = self.world.places[who, room]
            place.read = max(place.read, seq)

    def unread(self, who: str, room: str, other: str) -> None:
        there = [each for each in self.said if each.room == room]
        if there and self.world.belongs(who, room):
            said = self.dice.choice(there)
            messages.mark_unread(self.users[who], room, said.id)
            place = self.world.places[who, room]
            place.read = min(place.read, said.seq - 1)

    def done(self, who: str, room: str, other: str) -> None:
        inbox_changes.mark_all_done(self.users[who])
        for (person, id), _kind in self.world.visible().items():
            if person == who:
                self.world.rows[person, id].done = True
        self.world.notes = [each for each in self.world.notes if each[0] != who]

    def block(self, who: str, room: str, other: str) -> None:
        blocks.block(self.users[who], other)
        self.world.block(who, other)

    def unblock(self, who: str, room: str, other: str) -> None:
        blocks.unblock(self.users[who], other)
        if (who, other) in self.world.blocks:
            self.world.blocks.discard((who, other))
            for direct in self.world.direct:
                if {(who, direct), (other, direct)} <= self.world.places.keys():
                    self.world.places[who, direct].read = head(direct)

    def appoint(self, who: str, room: str, other: str, role: str = "") -> None:
        role = role or self.dice.choice(("member", "moderator"))
        moderation.appoint(self.users["alice"], room, self.users[other].id, role)
        if other != "alice" and self.world.places[other, room].role != role:
            self.world.notes.append((other, f"made_{role}"))
        self.world.places[other, room].role = role

    def remove(self, who: str, room: str, other: str) -> None:
        """By alice; without a ban, or with one, or one is lifted."""
        ban, alice, user = self.dice.random() < 0.5, self.users["alice"], self.users[other]
        if self.world.places.get((other, room), Place(0)).banned:
            moderation.lift_ban(alice, room, user.id)
            if self.world.places.pop((other, room)).told:
                self.world.notes.append((other, "unbanned"))
            return
        moderation.remove(alice, room, user.id, ban=ban)
        if (other, room) in self.world.places:
            self.world.notes.append((other, "banned" if ban else "removed"))
        if not ban:
            del self.world.places[other, room]
            return
        place = self.world.places.setdefault((other, room), Place(head(room), told=False))
        place.banned, place.role = True, "member"

    def come(self, who: str, room: str, other: str) -> None:
        if (who, room) not in self.world.places and room not in self.world.direct:
            place = membership.add_member(Room.objects.get(name=room), self.users[who])[0]
            self.world.places[who, room] = Place(head(room), place.role)

    def leave(self, who: str, room: str, other: str) -> None:
        if who != "alice" and self.world.belongs(who, room):
            membership.leave(self.users[who], room)
            del self.world.places[who, room]

    def presence(self, who: str, room: str, other: str) -> None:
        self.world.here ^= {who, other}

    def check(self, steps: list[str]) -> None:
        alone = Notification.objects.unread().filter(message=None).values_list("user__username", "what")
        assert sorted(alone) == sorted(self.world.notes), steps
        messages_of = Notification.objects.exclude(message=None)
        rows = messages_of.visible().values_list("user__username", "message", "kind")
        assert {each[:2]: each[2] for each in rows} == self.world.visible(), steps
        calling = messages_of.calling().values_list("user__username", "message")
        assert set(calling) == self.world.calling(), steps
        counts = inbox.unread_counts([user.id for user in self.users.values()])
        lines = {user.id: self.world.lines(name) for name, user in self.users.items()}
        assert counts == lines, steps
