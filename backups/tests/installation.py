"""An installation of its own: a data folder and a database, used as from a shell."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

_RUN = "import django; django.setup(); import sys; exec(sys.argv[1])"


class Installation:
    def __init__(self, folder: Path, database: str = "", **settings: str):
        """database: its URL; SQLite in the folder without one."""
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
        self.environment = kept | {
            "ROUNDTABLE_NO_DOTENV": "1", "DJANGO_SETTINGS_MODULE": "mysite.settings", "DATA_DIR": str(folder),
            "REDIS_URL": "redis://127.0.0.1:1/0", "LOG_LEVEL": "error", "DATABASE_URL": database, **settings,
        }  # fmt: skip

    def manage(self, *words: object) -> str:
        """What it said, which includes an error."""
        done = self.try_to(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def try_to(self, *words: object) -> subprocess.CompletedProcess:
        return self._run(sys.executable, "manage.py", *map(str, words))

    def run(self, code: str) -> str:
        done = self._run(sys.executable, "-c", _RUN, code)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _run(self, *command: str) -> subprocess.CompletedProcess:
        return subprocess.run(command, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True)
