"""The container files agree with each other, stay hardened, and are understood by the programs that they are for."""

import re
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
COMPOSE = YAML(typ="safe").load(ROOT / "docker-compose.yml")
SERVICES = sorted(COMPOSE["services"])


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT / "deploy", capture_output=True, text=True, check=False)


def test_the_set_has_everything_between_a_metric_and_a_person() -> None:
    assert SERVICES == ["alertmanager", "muster", "postgres", "prometheus"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_cannot_write_its_files_or_gain_rights(service: str) -> None:
    settings = COMPOSE["services"][service]
    assert settings["read_only"] is True
    assert settings["cap_drop"] == ["ALL"]
    assert settings["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_tells_its_health(service: str) -> None:
    in_image = service == "muster" and "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    assert in_image or "healthcheck" in COMPOSE["services"][service]


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_is_reached_from_this_machine_only(service: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"][service].get("ports", []))


def test_every_secret_of_the_set_is_in_the_example() -> None:
    wanted = set(re.findall(r"(?<!\$)\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    given = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert wanted == given


def test_alertmanager_delivers_to_muster_with_the_token_that_the_container_writes() -> None:
    receiver = YAML(typ="safe").load(ROOT / "deploy/alertmanager.yml")["receivers"][0]["webhook_configs"][0]
    token = receiver["http_config"]["authorization"]["credentials_file"]
    assert receiver["url"] == "http://muster:8080/alerts/alertmanager"
    assert f"> {token};" in COMPOSE["services"]["alertmanager"]["command"][0]


@pytest.mark.peer("prometheus")
@pytest.mark.parametrize(("what", "file"), [("config", "prometheus.yml"), ("rules", "rules.yml")])
def test_prometheus_understands(what: str, file: str) -> None:
    checked = run("promtool", "check", what, file)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.peer("alertmanager")
def test_alertmanager_understands() -> None:
    checked = run("amtool", "check-config", "alertmanager.yml")
    assert checked.returncode == 0, checked.stderr
