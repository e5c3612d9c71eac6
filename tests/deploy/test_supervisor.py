"""The supervisor starts again what ends, and nothing that it started outlives it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.deploy.ends import wait_until, wait_until_ended

# In a process of its own, since it forks and a test run has threads.
SUPERVISED = """
import json, os, sys, time
from pathlib import Path
from deploy.problems import StopAsked
from deploy.running import until_asked_to_stop
from deploy.supervisor import Service, Supervisor

here = Path(sys.argv[1])

def steady():
    (here / "told").write_text(os.environ["TOLD"])
    time.sleep(600)

def failing():
    print("no bread in the house")
    sys.exit(3)

services = {
    name: Service(run, here / f"{name}.log", {"TOLD": name})
    for name, run in (("steady", steady), ("failing", failing))
}

def changed():
    pids = {name: service.pid for name, service in services.items()}
    (here / "new").write_text(json.dumps(pids))
    (here / "new").replace(here / "pids")

supervisor = Supervisor({}, services, lambda line: print(line, flush=True), changed)
try:
    with until_asked_to_stop():
        supervisor.start()
        supervisor.watch()
except StopAsked:
    supervisor.stop()
    print("stopped", flush=True)
"""


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A supervisor with one service that runs on and one that always fails."""
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, tmp_path], stdout=subprocess.PIPE, text=True
    )
    wait_until((tmp_path / "told").exists, "the steady service runs")
    yield process
    process.kill()
    process.communicate()


def pids(here: Path) -> Any:
    return json.loads((here / "pids").read_text())


def test_what_is_killed_starts_again(supervised: subprocess.Popen[str], tmp_path: Path) -> None:
    before = pids(tmp_path)["steady"]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: pids(tmp_path)["steady"] not in (before, None), "it runs again")
    assert psutil.Process(pids(tmp_path)["steady"]).is_running()


def test_each_failure_in_a_row_waits_longer_and_is_told_with_its_log(
    supervised: subprocess.Popen[str],
) -> None:
    assert supervised.stdout
    told = [supervised.stdout.readline().strip() for _ in range(5)]
    ends = [line for line in told if line.startswith("failing ended with code 3")]
    assert [line.partition("again in ")[2] for line in ends[:2]] == ["0.5 s", "1 s"]
    assert "no bread in the house" in told


def test_a_stop_that_is_asked_for_leaves_nothing(supervised: subprocess.Popen[str], tmp_path: Path) -> None:
    steady = pids(tmp_path)["steady"]
    supervised.send_signal(signal.SIGTERM)
    told, _ = supervised.communicate(timeout=20)
    assert told.endswith("stopped\n")
    assert supervised.returncode == 0
    wait_until_ended(steady)


def test_a_killed_supervisor_leaves_nothing(supervised: subprocess.Popen[str], tmp_path: Path) -> None:
    steady = pids(tmp_path)["steady"]
    supervised.kill()
    wait_until_ended(steady)


def test_a_process_with_threads_does_not_fork() -> None:
    script = (
        "import threading, time; from pathlib import Path; from deploy.forking import fork;"
        "threading.Thread(target=time.sleep, args=(5,), daemon=True).start();"
        "fork(print, log=Path('/dev/null'), environment={})"
    )
    started = time.monotonic()
    refused = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "must not fork" in refused.stderr
    assert time.monotonic() - started < 5
