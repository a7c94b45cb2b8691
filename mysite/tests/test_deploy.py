"""The files for containers and for the workflow: they parse, and they agree with the settings."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
SECRETS = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "chat.example.org", "POSTGRES_PASSWORD": "x", "REDIS_PASSWORD": "x"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_parts_are_there_and_start_in_order(compose):
    services = compose["services"]
    assert set(services) == {"web", "bot", "jobs", "redis", "postgres"}
    assert services["web"]["command"] == ["serve", "--only", "web", "--migrate"]
    for role in ("bot", "jobs"):
        assert services[role]["command"] == ["serve", "--only", role]
    assert set(services["web"]["depends_on"]) == {"postgres", "redis"}
    for name in ("redis", "postgres"):
        assert services[name]["healthcheck"]["test"]
    used = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert used == set(compose["volumes"])


def test_only_the_web_can_be_reached_and_only_from_this_host(compose):
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert list(ports) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in ports["web"])
    for name in ("redis", "postgres"):
        assert compose["services"][name]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True


def test_it_is_given_every_setting_and_no_secret_of_its_own(compose):
    given = compose["services"]["web"]["environment"]
    shown = set(re.findall(r"^# ([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    # The image decides these; and nobody debugs in public.
    assert shown - set(given) == {"HOST", "PORT", "DATA_DIR", "DEBUG", "REDIS_SERVER"}
    assert set(given) <= shown
    text = (ROOT / "docker-compose.yml").read_text()
    for name in SECRETS:
        assert re.search(rf"\$\{{{name}:\?[^}}]+\}}", text), f"{name} is not insisted on"


def test_compose_itself_accepts_it():
    """Where there is Docker Compose; elsewhere this shows that there is none, and the workflow asks it."""
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        assert "docker compose config" in (ROOT / ".github" / "workflows" / "test.yml").read_text()
        return
    command = [docker, "compose", "--env-file", "/dev/null", "config", "--quiet"]
    for missing in SECRETS:
        environment = {name: value for name, value in (os.environ | SECRETS).items() if name != missing}
        refused = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert refused.returncode != 0
        assert f"set {missing} in .env" in refused.stderr
    done = subprocess.run(command, cwd=ROOT, env=os.environ | SECRETS, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_image_runs_as_nobody_special_and_is_watched():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in ("root", "0")
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert ".env" in (ROOT / ".dockerignore").read_text().splitlines()


def test_the_workflow_runs_all_tests_on_each_python_that_is_supported():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    job = workflow["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert any("bin/test" in step.get("run", "") for step in job["steps"])
    assert workflow["permissions"] == {"contents": "read"}


def test_the_image_has_what_serving_needs_and_no_more():
    sections = re.findall(r"-e '(.+?)'", (ROOT / "Dockerfile").read_text())
    expressions = [part for section in sections for part in ("-e", section)]
    kept = subprocess.run(["sed", *expressions, ROOT / "requirements.txt"], capture_output=True, text=True, check=True)
    names = {line.partition("==")[0] for line in kept.stdout.splitlines()}
    assert names >= {"django", "uvicorn", "openai", "psycopg", "httpx2"}
    assert not names & {"daphne", "twisted", "autobahn", "pytest", "playwright", "mypy"}


def test_the_workflow_looks_for_known_flaws_of_what_is_installed_each_week_too():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    assert any("pip-audit" in step.get("run", "") for step in workflow["jobs"]["audit"]["steps"])
    assert workflow[True]["schedule"]  # YAML reads `on` as a truth value
    pinned = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    assert all("==" in line for line in pinned)  # or an audit would look at other versions than are installed
