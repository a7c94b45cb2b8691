"""People as staff see them: a search, and figures of one person. Private rooms and direct messages are only counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import SignedInSession, Token, User
from accounts.reserved_names import PLACEHOLDER_NAME
from accounts.roles import GRANTED_BY, ServerRole
from accounts.security import second_factor
from rooms.models import Attachment, Membership, RoomKind, UserKey
from rooms.text.name_keys import key_range

PAGE = 50  # people


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """People must meet all conditions; "" and None mean any.

    text: the beginning of a word of their names, or a whole address. role: of ServerRole. state: "active",
    "deactivated". factor: "yes", "no", "lacking" (required, but not set up). unseen: days in which they have
    neither signed in nor used a session.
    """

    text: str = ""
    role: str = ""
    state: str = ""
    factor: str = ""
    unseen: int | None = None

    def people(self) -> QuerySet[User]:
        """The newest accounts first, without bots and erased accounts."""
        found = User.objects.filter(is_bot=False).exclude(username__startswith=f"{PLACEHOLDER_NAME}-")
        if self.text:
            found = found.filter(_is_called(self.text))
        if self.role:
            found = found.filter(server_role=self.role)
        if self.state:
            found = found.filter(is_active=self.state == "active")
        if self.factor == "lacking":
            found = found.filter(pk__in=second_factor.lacking())
        elif self.factor:
            second = Exists(second_factor.factors().filter(user=OuterRef("pk")))
            found = found.filter(second if self.factor == "yes" else ~second)
        if self.unseen is not None:
            before = timezone.now() - timedelta(days=self.unseen)
            found = found.filter(Q(last_login__lt=before) | Q(last_login=None))
            found = found.filter(~Exists(SignedInSession.objects.filter(user=OuterRef("pk"), last_used__gte=before)))
        return found.order_by("-pk")


def _is_called(text: str) -> Q:
    if "@" in text[1:]:
        return Q(email=User.objects.normalize_email(text))
    low, high = key_range(text.lstrip("@"))
    return Q(Exists(UserKey.objects.filter(user=OuterRef("pk"), key__gte=low, key__lt=high)))


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one person. seen: when a session of theirs was used last, accurate to 5 minutes."""

    seen: datetime | None
    sessions: int
    tokens: int
    second_factors: int
    public_rooms: int
    private_rooms: int
    direct_messages: int
    files: int
    bytes: int


def figures_of(person: User) -> Figures:
    """Five queries."""
    sessions = SignedInSession.objects.filter(user=person).order_by("-last_used")
    kinds = Membership.objects.filter(user=person, banned=False, room__deleted=None).values_list("room__kind")
    rooms = dict(kinds.order_by().annotate(Count("pk")))
    sent = Attachment.objects.filter(uploader=person).aggregate(count=Count("pk"), bytes=Sum("size", default=0))
    used = list(sessions.values_list("last_used", flat=True))
    return Figures(
        seen=used[0] if used else None,
        sessions=len(used),
        tokens=Token.objects.unexpired().filter(user=person).count(),
        second_factors=second_factor.factors().filter(user=person).count(),
        public_rooms=rooms.get(RoomKind.PUBLIC, 0),
        private_rooms=rooms.get(RoomKind.PRIVATE, 0),
        direct_messages=rooms.get(RoomKind.DIRECT, 0),
        files=sent["count"],
        bytes=sent["bytes"],
    )


def may_manage(actor: User, person: User) -> bool:
    """Whether `actor` may change this account: not their own, no bot, and only if they may take its role away."""
    return actor.pk != person.pk and not person.is_bot and person.role in _below(actor)


def _below(actor: User) -> tuple[ServerRole, ...]:
    grants = GRANTED_BY.get(actor.role, ())
    return (*grants, ServerRole.GUEST) if grants else ()
