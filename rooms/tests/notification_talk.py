"""What people and bots say at random, by the program and by the model: a part of notification_play.py."""

import random

from django.db import transaction

from accounts.models import User
from rooms.models import Message, MessageState, Room
from rooms.services import bot_replies, messages

from .notification_model import Said, World

NAMES = ("alice", "bob", "carol", "dave")  # alice owns the rooms, bob is a moderator in the beginning
WORDS = ("@alice", "@bob", "@carol", "@dave", "@here", "@room", "@design", "@robot")
PLAIN = ("tea", "coffee")


class Talk:
    """Messages, and what becomes of them."""

    dice: random.Random
    users: dict[str, User]
    robot: User
    rooms: list[str]
    world: World
    said: list[Said]

    def _words(self) -> tuple[str, set[str], set[str], set[str]]:
        """A text, whom it names, what it calls, and what else is in it."""
        words = self.dice.sample(WORDS, self.dice.choice((0, 0, 1, 1, 2, 3)))
        names, plain = {word[1:] for word in words}, self.dice.sample(PLAIN, self.dice.choice((0, 1, 1, 2)))
        text = " ".join(["hi", *words, *(self.dice.choice(("%s", "%s!", "**%s**")) % each.title() for each in plain)])
        return text, names & set(NAMES), names & {"here", "room", "design"}, set(plain)

    def _heard(self, names: set[str], room: str) -> set[str]:
        """Of names in a text those who can be addressed there."""
        return names if room == self.rooms[0] else {name for name in names if (name, room) in self.world.places}

    def post(self, who: str, room: str, other: str) -> None:
        if not self.world.belongs(who, room):
            return
        text, names, calls, plain = self._words()
        earlier = [each for each in self.said if each.room == room]
        asked = self.dice.choice([None, None, *earlier[-4:]])
        posted = messages.post(self.users[who], room, text, reply_to=asked.id if asked else None)
        if room in self.world.direct:
            calls = set()
        elif not self.world.moderates(who, room):
            calls -= {"room"}
        said = Said(posted.message_id, room, who, posted.seq, asked.author if asked else "")
        said.named, said.calls, said.plain = self._heard(names, room), calls, plain
        self.world.post(said)
        self.said.append(said)

    def edit(self, who: str, room: str, other: str) -> None:
        mine = self.dice.choice(self.said[-8:] or [None])
        if mine and self.world.belongs(mine.author, mine.room):
            text, names, calls, plain = self._words()
            messages.edit(self.users[mine.author], mine.room, mine.id, text)
            self.world.edit(mine, self._heard(names, mine.room), calls, plain)

    def delete(self, who: str, room: str, other: str) -> None:
        said = self.dice.choice(self.said or [None])
        if said:
            messages.delete(self.users[who], said.room, said.id)
            self.world.delete(said)

    def react(self, who: str, room: str, other: str) -> None:
        said = self.dice.choice([each for each in self.said if not each.deleted][-8:] or [None])
        if said and self.world.belongs(who, said.room) and who not in said.reacted:
            messages.react(self.users[who], said.room, said.id, "👍")
            self.world.react(said, who, head(said.room))

    def unreact(self, who: str, room: str, other: str) -> None:
        said = self.dice.choice([each for each in self.said if each.reacted and not each.deleted] or [None])
        who = said.reacted[0] if said else who
        if said and self.world.belongs(who, said.room):
            messages.unreact(self.users[who], said.room, said.id, "👍")
            self.world.unreact(said, who)

    def answer(self, who: str, room: str, other: str) -> None:
        """A bot replies to one of the last messages of people."""
        there = [each for each in self.said if each.room == room and not each.finished and not each.deleted]
        if not there:
            return
        asked, (text, _names, _calls, plain) = self.dice.choice(there[-6:]), self._words()
        with transaction.atomic():
            place = Room.objects.select_for_update().get(name=room)
            reply = bot_replies.create_placeholder(place, self.robot, Message.objects.get(pk=asked.id))
            Room.objects.filter(pk=place.pk).update(seq=reply.seq)
        done = bot_replies.update(reply.pk, text=text, state=MessageState.COMPLETE)
        said = Said(reply.pk, room, "robot", reply.first_seq, asked.author, finished=done.seq, plain=plain)
        self.world.post(said)
        self.said.append(said)


def head(room: str) -> int:
    return Room.objects.values_list("seq", flat=True).get(name=room)
