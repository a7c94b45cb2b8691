"""What somebody chose to hear of all rooms stands in each of their memberships, too, for the sake of posting. Whoever
changes the one or makes the other does it under these locks, so that no membership begins with what was chosen before.
"""

from accounts.models import User

from ..queries.levels import fields_of_chosen
from .sql import share_person


def lock_choices_of(user: User) -> None:
    """Until the transaction ends, nobody else changes what this person chose, and no membership of theirs begins."""
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()


def fields_of_new_place(user_id: int) -> dict[str, bool]:
    """Of a membership that begins in this transaction: what this person wants to hear of any room."""
    share_person(user_id)
    return fields_of_chosen(user_id)
