"""Bots, and what they were asked, where Django looks for them. Everybody imports them from here."""

from .bot import Bot
from .endpoint_trait import EndpointTrait
from .feedback import Feedback
from .run import OPEN, Run, RunState
from .usage import Usage

__all__ = ["OPEN", "Bot", "EndpointTrait", "Feedback", "Run", "RunState", "Usage"]
