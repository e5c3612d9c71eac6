"""`amparo up`: all of it runs, comes again when it is killed, and is gone when it is stopped."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.parts import PARTS
from deploy.system import System, started
from tests.deploy.ends import wait_until, wait_until_ended


@pytest.fixture(scope="module")
def home(make_home: Callable[[], Path]) -> Path:
    return make_home()


@pytest.fixture(scope="module")
def system(home: Path) -> Iterator[System]:
    """A system that runs while this module's tests do; some of its processes get killed."""
    with started(home) as system:
        yield system


def amparo(home: Path, *arguments: str) -> dict[str, str]:
    """Run the command line on a home; the `name: value` lines that it tells."""
    command = [sys.executable, "-m", "deploy.cli", *arguments, "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def token(system: System, client: dict[str, str]) -> Any:
    """What `/oauth/token` answers to a client's credentials."""
    credentials = b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
    request = urllib.request.Request(
        f"{system.url}/oauth/token",
        data=b"grant_type=client_credentials",
        headers={"Authorization": f"Basic {credentials}"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def test_each_part_has_an_api_and_a_worker_that_run(system: System) -> None:
    processes = system.state["processes"]
    assert {f"{part}-{kind}" for part in PARTS for kind in ("api", "worker")} <= processes.keys()
    assert all(psutil.pid_exists(pid) for pid in processes.values())
    assert all(is_ready(url) for url in system.state["urls"].values())


def test_a_system_added_at_the_console_gets_a_token(system: System, home: Path) -> None:
    client = amparo(home, "client", "add", "Bank", "--role", "auditor")
    assert token(system, client)["token_type"] == "Bearer"
    with pytest.raises(urllib.error.HTTPError, match="401"):
        token(system, {**client, "client_secret": "wrong"})


def test_a_person_added_at_the_console_is_told_a_password_and_a_code(system: System, home: Path) -> None:
    added = amparo(home, "staff", "add", "rosa@example.org", "--name", "Rosa", "--role", "cashier")
    assert added["email"] == "rosa@example.org"
    assert added["totp"].startswith("otpauth://totp/")
    assert len(added["password"]) > 12


def test_a_refusal_at_the_console_is_told_in_a_line(system: System, home: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "deploy.cli",
        "client",
        "add",
        "X",
        "--role",
        "king",
        "--home",
        str(home),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("amparo: no client can hold the role")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["contributions-api", "registry-worker", "nats", "postgres"])
def test_what_is_killed_comes_again(system: System, name: str) -> None:
    before = system.pid(name)
    assert before
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: system.pid(name) not in (before, None), f"{name} runs again", seconds=30)
    wait_until(lambda: all(map(is_ready, system.state["urls"].values())), "all are ready", seconds=30)


def test_a_second_up_on_the_same_home_is_refused(system: System, home: Path) -> None:
    command = [sys.executable, "-m", "deploy.cli", "up", "--port", "0", "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 1
    assert "another amparo command runs" in done.stderr


def test_what_was_added_is_there_after_a_kill_and_nothing_runs_after_a_stop(
    system: System, home: Path
) -> None:
    client = amparo(home, "client", "add", "Bank", "--role", "auditor")
    left = [pid for pid in system.state["processes"].values() if pid]
    system.process.kill()
    system.process.wait()
    with started(home) as again:
        wait_until_ended(*left)
        assert token(again, client)["token_type"] == "Bearer"
        left = [pid for pid in again.state["processes"].values() if pid]
    wait_until_ended(*left)
    assert again.process.returncode == 0
