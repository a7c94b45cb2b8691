"""Real model servers, started once for all tests of this folder that use them. Only `bin/test realmodels` runs these.

What they answer is a small model's and means nothing; what counts is how they take requests, and how they refuse them.
"""

import pytest

from bot.llm import client
from bot.llm.endpoint import ModelEndpoint
from testing.real_models.packages import LITELLM, LLAMA, PackageSet
from testing.real_models.servers import LiteLlmProxy, LlamaServer, RealServer

PATIENCE = 600.0  # seconds without a byte; a limit for a busy machine


@pytest.fixture(autouse=True)
def patient(quick, monkeypatch):
    """After the `quick` of all tests of bots: where a count follows the answer, it is waited for."""
    monkeypatch.setattr(client, "LIMITS", client.Limits(backoff=0.01, usage_wait=PATIENCE))


@pytest.fixture(scope="session")
def llama():
    """llama.cpp's server with the template of its model, so that it takes tools."""
    _need(LLAMA)
    with LlamaServer() as server:
        yield server


@pytest.fixture(scope="session")
def small():
    """The same without tools, and with a context that a full room does not fit into."""
    _need(LLAMA)
    with LlamaServer(context=1024, jinja=False) as server:
        yield server


@pytest.fixture(scope="session")
def proxy(llama, small):
    """LiteLLM's proxy; its models have the names of the fixtures, and two have no server that runs."""
    _need(LITELLM)
    servers = {"llama": llama, "small": small, "down": LlamaServer(), "other": LlamaServer()}
    with LiteLlmProxy(servers) as server:
        yield server


def _need(packages: PackageSet) -> None:
    if packages.find() is None:
        pytest.skip(f"{packages.what} is not installed; bin/test realmodels installs it where that can be done")


@pytest.fixture(params=["chat", "responses"])
def api(request):
    return request.param


def endpoint(server: RealServer, api: str = "chat", **fields) -> ModelEndpoint:
    """A model for one short answer."""
    given = {"model": server.model, "max_tokens": 16, "patience": PATIENCE, **fields}  # fewer LiteLLM does not pass on
    return ModelEndpoint(base_url=server.base_url, api=api, **{"key": server.key, **given})


@pytest.fixture
def use(settings):
    """use(server): the settings' bot is that server's model."""

    def set_up(server) -> None:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = server.base_url, server.key
        settings.OPENAI_MODEL, settings.OPENAI_API = server.model, "chat"
        settings.BOT_ANSWER_TOKENS, settings.BOT_PATIENCE = 16, int(PATIENCE)

    return set_up
