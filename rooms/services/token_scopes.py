"""What a token may do in rooms. Sessions may do everything."""

from accounts.models import User
from accounts.scopes import Scope

from ..kernel.errors import ChatError

READ_COMMANDS = {"resume", "subscribe", "unsubscribe", "ping"}  # every other command of a socket needs Scope.WRITE


class InsufficientScope(ChatError):
    """needed: the scope that the token lacks."""

    def __init__(self, needed: Scope):
        super().__init__("insufficient_scope", scope=needed.value)
        self.needed = needed


def check_scope(user: User, needed: Scope) -> None:
    """Check that the token or session of this user allows what needs that scope. Raises InsufficientScope."""
    if not user.scope.includes(needed):
        raise InsufficientScope(needed)


def may_use_command(user: User, command: str) -> bool:
    """Whether a socket of theirs may give this command of the protocol."""
    return user.scope.includes(Scope.READ if command in READ_COMMANDS else Scope.WRITE)
