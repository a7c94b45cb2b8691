"""Real model servers as child processes: llama.cpp's with a small model, and LiteLLM's proxy in front of such."""

import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from mysite.supervisor.child import signal_group, spawn

from ..ports import free_port
from .packages import LITELLM, LLAMA

# Limits for a machine that is busy, not times that are expected: llama.cpp takes 2 s of a processor, LiteLLM 15 s.
_START_SECONDS, _STOP_SECONDS = 300, 30
_HERE = Path(__file__).resolve().parent


class RealServer:
    """with LlamaServer(...) as server: a bot can use `server.base_url`, `server.model` and `server.key`.

    Raises CannotRun where its packages are missing, RuntimeError where it does not start.
    """

    key = "sk-for-tests-only"
    model = "smollm2"
    _health = "/health"

    def __init__(self) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        self._process: subprocess.Popen | None = None

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="roundtable-model-")
        self._log = Path(self._folder.name, "log")
        try:
            with self._log.open("ab") as log:
                self._process = spawn(self._command(), stdout=log, stderr=log, **self._options())
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc) -> None:
        self.stop()
        self._folder.cleanup()

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def stop(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._process is None or self._process.poll() is not None:
                return
            signal_group(self._process, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)

    def get(self, path: str) -> object:
        """The JSON that it serves there, such as /health."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Bearer {self.key}"}
        )
        with urllib.request.urlopen(request, timeout=_START_SECONDS) as response:
            return json.load(response)

    def _command(self) -> list[str]:
        raise NotImplementedError

    def _options(self) -> dict:
        return {}

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{type(self).__name__} does not start: {self.log[-2000:]}")
            time.sleep(0.1)

    def _is_healthy(self) -> bool:
        try:
            self.get(self._health)
        except (urllib.error.URLError, ConnectionError):  # nobody listens, or it is still loading
            return False
        return True


class LlamaServer(RealServer):
    """context: tokens. Without jinja it takes no tools."""

    def __init__(self, context: int = 4096, jinja: bool = True):
        super().__init__()
        self.context, self._jinja = context, jinja

    def _command(self) -> list[str]:
        command = [str(LLAMA.get()), str(_HERE / "llama_server.py"), "--port", str(self.port)]
        return [*command, "--context", str(self.context), "--key", self.key, *(["--jinja"] if self._jinja else [])]


class LiteLlmProxy(RealServer):
    """servers: model name at the proxy → the server that it passes its requests on to."""

    _health = "/health/readiness"

    def __init__(self, servers: dict[str, RealServer]):
        super().__init__()
        self.servers = servers

    def _command(self) -> list[str]:
        config = Path(self._folder.name, "config.json")  # YAML, too
        config.write_text(json.dumps(self._config()))
        program = "from litellm import run_server; run_server()"
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--num_workers", "1", "--telemetry", "False"]
        return [str(LITELLM.get()), "-c", program, "--config", str(config), *where]

    def _options(self) -> dict:
        # It fetches no list of prices at the start, and reads no .env.
        own = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION", "HOME": self._folder.name}
        return {"cwd": self._folder.name, "env": _bare_environment() | own}

    def _config(self) -> dict:
        models = [
            {
                "model_name": name,
                "litellm_params": {"model": f"openai/{each.model}", "api_base": each.base_url, "api_key": each.key},
            }
            for name, each in self.servers.items()
        ]
        return {
            "model_list": models,
            "general_settings": {"master_key": self.key},
            "router_settings": {"num_retries": 0},
            "litellm_settings": {"num_retries": 0},
        }


def _bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
