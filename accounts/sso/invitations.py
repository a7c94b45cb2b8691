"""Signing up by an issuer with an invitation to this server, which the app of the rooms counts."""

from django.dispatch import Signal
from django.utils.functional import Promise

MAX_SECRET = 64  # characters

# With `user`, an account made just now in this transaction, and `secret`, what the invitation's link ends with. The one
# receiver returns the path where the person goes on, or raises NotInvited: then there is no account either.
invitation_followed = Signal()


class NotInvited(Exception):
    """sentence: why the invitation lets nobody in. status: of HTTP."""

    def __init__(self, sentence: str | Promise, status: int) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status
