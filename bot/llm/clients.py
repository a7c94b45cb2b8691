"""The openai package's clients, kept for each server: they keep connections."""

import asyncio
from urllib.request import getproxies

import httpx2
import openai

from common.web_addresses import is_valid_url

from .endpoint import OPENAI_URL, ModelEndpoint, is_valid_key
from .errors import ModelError
from .transport import PooledTransport

_clients: dict[tuple, openai.AsyncOpenAI] = {}


def get_client(endpoint: ModelEndpoint) -> openai.AsyncOpenAI:
    """One for each server, loop and key. Raises ModelError."""
    where = (asyncio.get_running_loop(), endpoint.base_url, endpoint.key)
    if where not in _clients:
        for old in [key for key in _clients if key[0].is_closed()]:
            del _clients[old]
        _clients[where] = _make_client(endpoint)
    return _clients[where]


def _make_client(endpoint: ModelEndpoint) -> openai.AsyncOpenAI:
    # Not left to the package, which would take OPENAI_BASE_URL, another server than that of this key.
    address = endpoint.base_url or OPENAI_URL
    if not is_valid_url(address):
        raise ModelError("model_not_configured")
    if not is_valid_key(endpoint.key):
        raise ModelError("model_key_unusable")
    try:
        return openai.AsyncOpenAI(
            api_key=endpoint.key or "none",  # servers without keys want none, the package wants one
            base_url=address,
            max_retries=0,  # ours know whether anything was heard
            # Proxies of the environment are the package's own affair; behind one nothing is paced.
            http_client=None if getproxies() else openai.DefaultAsyncHttpxClient(transport=PooledTransport()),
        )
    except httpx2.InvalidURL as error:
        raise ModelError("model_not_configured") from error
