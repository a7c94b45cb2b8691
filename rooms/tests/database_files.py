"""What is in the files of a SQLite database."""

import subprocess
import sys
from pathlib import Path

from django.db import connection

_PRINT = "import sys; [sys.stdout.buffer.write(open(name, 'rb').read()) for name in sys.argv[1:]]"


def read_database_files() -> bytes:
    """The database's files, with the write-ahead log.

    Another process reads them: whoever closes a file of SQLite gives up all locks that their process has on it. Then
    the next process that leaves the database takes itself for the last, and deletes the log that this one uses.
    """
    path = Path(connection.settings_dict["NAME"])
    files = [str(file) for file in path.parent.glob(f"{path.name}*")]
    return subprocess.run([sys.executable, "-c", _PRINT, *files], capture_output=True, check=True).stdout
