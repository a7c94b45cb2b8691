"""Keeps the keys of names: at once after a save, and in portions after whatever changes names without one.

That is an older version during an upgrade, SQL by hand, a bulk update, or a change in how keys are made.
"""

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from accounts.models import User

from ..models import NameKey, Room, RoomKey, RoomKind, UserKey
from ..text.name_keys import VERSION, keys_of

PORTION = 500  # names in a transaction


def index_room(room: Room) -> None:
    if not room.is_direct:
        _store(RoomKey, "room_id", [(room.pk, room.title)])


def index_user(user: User) -> None:
    _store(UserKey, "user_id", [(user.pk, user.username)])


def index_portion(using: str = "default") -> bool:
    """Make the keys of some names that have none, or old ones. Whether there were any."""
    rooms = _not_indexed(Room.objects.using(using).exclude(kind=RoomKind.DIRECT), RoomKey, "room", "title")
    users = _not_indexed(User.objects.using(using), UserKey, "user", "username")
    with transaction.atomic(using=using):
        _store(RoomKey, "room_id", rooms, using)
        _store(UserKey, "user_id", users, using)
    return bool(rooms or users)


def index_all(using: str = "default") -> None:
    while index_portion(using):
        pass


def _not_indexed(rows: QuerySet, model: type[NameKey], field: str, name: str) -> list[tuple[int, str]]:
    """(id, name) of the first rows whose keys were not made of their names as these are now."""
    made_of = Concat(Value(_made_of("")), OuterRef(name), output_field=models.CharField())
    made = model._default_manager.filter(**{field: OuterRef("pk")}, position=0, made_of=made_of)
    return list(rows.filter(~Exists(made)).order_by("pk").values_list("pk", F(name))[:PORTION])


def _store(model: type[NameKey], field: str, names: list[tuple[int, str]], using: str = "default") -> None:
    keys = [
        model(**{field: id}, key=key, position=position, made_of="" if position else _made_of(name))
        for id, name in names
        for position, key in enumerate(keys_of(name))
    ]
    with transaction.atomic(using=using):
        model._default_manager.using(using).filter(**{f"{field}__in": [id for id, _name in names]}).delete()
        # Another process may do the same.
        model._default_manager.using(using).bulk_create(keys, ignore_conflicts=True)


def _made_of(name: str) -> str:
    return f"{VERSION} {name}"
