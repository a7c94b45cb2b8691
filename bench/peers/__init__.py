"""Servers that others build chats with, for the same load in the same run."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ..dialects import SocketIO, Tutorial
from ..servers import Server

HERE = Path(__file__).parent
INSTALL_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Peer:
    """make(folder, path of Redis' socket) → a Server that is not started yet."""

    name: str
    dialect: type
    make: object


class Missing(Exception):
    """This peer cannot be measured here; says why."""


def peers(node_folder: Path) -> list:
    """The peers, and for those that cannot be measured here, Missing."""
    found = [
        Peer("Channels: daphne, core layer", Tutorial, lambda folder, redis: _stock(folder, redis, "daphne", "core")),
        Peer(
            "Channels: uvicorn, pub/sub layer",
            Tutorial,
            lambda folder, redis: _stock(folder, redis, "uvicorn", "pubsub"),
        ),
    ]
    try:
        home = socketio_home(node_folder)
    except Missing as missing:
        return [*found, missing]
    return [*found, Peer("socket.io, redis adapter", SocketIO, lambda folder, redis: _socketio(folder, redis, home))]


def socketio_home(folder: Path) -> Path:
    """The folder with the server and its packages, fetched when they are not there. Raises Missing."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise Missing("socket.io was not measured: there is no Node.js with npm here.")
    shutil.copytree(HERE / "socketio", folder, dirs_exist_ok=True)
    if not (folder / "node_modules" / "socket.io").exists():
        install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
        try:
            done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS)
        except subprocess.TimeoutExpired:
            raise Missing("socket.io was not measured: its packages did not come in time.") from None
        if done.returncode:
            raise Missing(f"socket.io was not measured: npm install failed ({done.stderr.strip()[-200:]}).")
    return folder


def _stock(folder: Path, redis: str, server: str, layer: str) -> Server:
    layers = {
        "core": "channels_redis.core.RedisChannelLayer",
        "pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
    }
    application = "bench.peers.stock:application"
    commands = {
        "daphne": ["-m", "daphne", "-b", "127.0.0.1", "-p", "PORT", "--no-server-name", application],
        "uvicorn": ["-m", "uvicorn", "--host", "127.0.0.1", "--port", "PORT", "--no-access-log", application],
    }
    environment = {"CHAT_LAYER": layers[layer], "CHAT_REDIS": f"unix://{redis}"}
    return Server(folder, [sys.executable, *commands[server]], environment)


def _socketio(folder: Path, redis: str, home: Path) -> Server:
    return Server(folder, [shutil.which("node"), home / "server.js"], {"REDIS_SOCKET": redis, "NODE_ENV": "production"})
