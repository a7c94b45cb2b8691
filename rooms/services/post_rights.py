"""Whether somebody may post in a room. Posting in a public room joins it."""

from accounts.models import User

from ..models import BAN_HAS_ENDED, Membership, MessageKind, Role, Room, RoomKind
from .choices import fields_of_new_place
from .sql import PostingRights


def may_post(user: User, kind: str, room: Room, members: dict[tuple[int, int], PostingRights]) -> bool:
    """members: `sql.posting_rights` of the room; whoever joins is added to them. The caller has locked the room."""
    key = (room.id, user.id)
    if key not in members and room.kind == RoomKind.PUBLIC:
        is_active = User.objects.filter(pk=user.id, is_active=True).exists()
        if kind == MessageKind.NOTICE:
            return is_active  # of staff, who moderate without becoming members
        members[key] = PostingRights(is_active, Role.MEMBER)
        if is_active:
            Membership.objects.filter(BAN_HAS_ENDED, room=room, user=user).delete()
            Membership.objects.create(room=room, user=user, read_seq=room.seq, **fields_of_new_place(user.id))
    return key in members and members[key].may_post
