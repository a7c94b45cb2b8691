"""What a web process does not carry: packages that only others need."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_web_loads_neither_a_models_client_nor_a_second_server_nor_what_checks_tokens(tmp_path):
    script = """
import sys
import mysite.asgi
print([name for name in ("openai", "jwt", "twisted", "daphne", "playwright", "pytest") if name in sys.modules])
"""
    environment = {"ROUNDTABLE_NO_DOTENV": "1", "DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
