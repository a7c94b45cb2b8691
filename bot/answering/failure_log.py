"""What a model's server says of its errors, in the log: for each server and model once a minute."""

import logging
import time

from ..llm.endpoint import OPENAI_URL, ModelEndpoint
from ..llm.errors import ModelError

logger = logging.getLogger(__name__)

INTERVAL = 60.0  # seconds
_logged: dict[tuple[str, str], float] = {}


def log_failure(endpoint: ModelEndpoint, error: ModelError) -> None:
    """Nothing, when the server said no more than the room is told."""
    key, now = (endpoint.base_url, endpoint.model), time.monotonic()
    if not error.detail or now - _logged.get(key, -INTERVAL) < INTERVAL:
        return
    _logged[key] = now
    where = endpoint.base_url or OPENAI_URL
    logger.warning("model %s at %s: %s; it says: %s", endpoint.model, where, error.reason, error.detail)
