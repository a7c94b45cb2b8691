"""A pytest plugin (see pyproject.toml), loaded before Django reads its settings: isolates tests from real data.

Each test process has its own data folder and Redis. DATABASE_URL is kept: the test database is created on that server.
REDIS_SERVER is kept, too: the program to test with.
"""

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

DATA_DIR = Path(tempfile.mkdtemp(prefix="roundtable-tests-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up when terminated

# A developer's environment or .env must not change which tests pass.
_KEPT = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_SERVER")}
for _line in (Path(__file__).parent.parent / ".env.example").read_text().splitlines():
    if not _line.startswith(" ") and "=" in _line:
        os.environ.pop(_line.lstrip("# ").partition("=")[0], None)
os.environ.update({name: value for name, value in _KEPT.items() if value})
if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    # A test may stay in one transaction for as long as a busy machine takes.
    _separator = "&" if "?" in os.environ["DATABASE_URL"] else "?"
    os.environ["DATABASE_URL"] += f"{_separator}options=-c%20idle_in_transaction_session_timeout%3D0"
os.environ.update(
    ROUNDTABLE_NO_DOTENV="1",
    DATA_DIR=str(DATA_DIR),
    REDIS_URL=f"unix://{DATA_DIR / 'redis.sock'}",
    SECRET_KEY="only-for-tests",  # noqa: S106
)
