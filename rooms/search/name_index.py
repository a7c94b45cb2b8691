"""Maintains the search keys of names: immediately after a save, and in batches after other changes.

These are changes by an older version during an upgrade, by SQL by hand or a bulk update, or a change of the key format.
"""

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Trim

from accounts.models import User

from ..models import NameKey, Room, RoomKey, RoomKind, UserKey
from ..text.name_keys import VERSION, name_keys

BATCH_SIZE = 500  # names in one transaction
# Of one person the user name comes first: it is the whole name, and the words of the other follow.
_NAMES_OF_USER = Trim(Concat(F("username"), Value(" "), F("display_name"), output_field=models.CharField()))


def index_room(room: Room) -> None:
    """Store the key of the room's title. Direct messages have none: they are found by the other person's name."""
    if not room.is_direct:
        _store(RoomKey, "room_id", [(room.pk, room.title)])


def index_user(user: User) -> None:
    """Store one key of user name and display name together."""
    _store(UserKey, "user_id", [(user.pk, f"{user.username} {user.display_name}".strip())])


def index_batch(using: str = "default") -> bool:
    """Store the keys of a batch of names without current ones. Returns whether there were any."""
    rooms = _not_indexed(Room.objects.using(using).exclude(kind=RoomKind.DIRECT), RoomKey, "room", F("title"))
    users = _not_indexed(User.objects.using(using), UserKey, "user", _NAMES_OF_USER)
    with transaction.atomic(using=using):
        _store(RoomKey, "room_id", rooms, using)
        _store(UserKey, "user_id", users, using)
    return bool(rooms or users)


def index_all(using: str = "default") -> None:
    """Store all keys that are missing or out of date, batch by batch, each in a transaction of its own."""
    while index_batch(using):
        pass


def _not_indexed(rows: QuerySet, model: type[NameKey], field: str, name: Combinable) -> list[tuple[int, str]]:
    """(id, name) of the first rows whose keys were not made from their current names."""
    rows = rows.annotate(now=name, made_of_now=Concat(Value(_made_of("")), name, output_field=models.CharField()))
    made = model._default_manager.filter(**{field: OuterRef("pk")}, position=0, made_of=OuterRef("made_of_now"))
    return list(rows.filter(~Exists(made)).order_by("pk").values_list("pk", "now")[:BATCH_SIZE])


def _store(model: type[NameKey], field: str, names: list[tuple[int, str]], using: str = "default") -> None:
    keys = [
        model(**{field: id}, key=key, position=position, made_of="" if position else _made_of(name))
        for id, name in names
        for position, key in enumerate(name_keys(name))
    ]
    with transaction.atomic(using=using):
        model._default_manager.using(using).filter(**{f"{field}__in": [id for id, _name in names]}).delete()
        # Another process may store the same keys.
        model._default_manager.using(using).bulk_create(keys, ignore_conflicts=True)


def _made_of(name: str) -> str:
    return f"{VERSION} {name}"
