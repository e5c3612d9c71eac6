"""The whole system as one child process, for whatever plays against it: demo, bench, journeys.

with started(home, AMPARO_SANDBOX="1") as system:
    httpx.get(f"{system.url}/readyz")
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy import processes
from deploy.home import Home
from deploy.problems import NotReady

START_SECONDS_MAX = 120


@dataclass(frozen=True)
class System:
    """A running `amparo up`."""

    home: Home
    process: subprocess.Popen[bytes]

    @property
    def state(self) -> dict[str, Any]:
        """What it tells of itself now: addresses, databases, process ids (see `state.json`)."""
        state = self.home.state()
        assert state is not None, "it has ended"
        return state

    @property
    def url(self) -> str:
        """The gateway's address."""
        return str(self.state["url"])

    def pid(self, name: str) -> int | None:
        """The process id of `registry-api`, `gateway-worker`, `postgres` … as of now."""
        pid: int | None = self.state["processes"][name]
        return pid


@contextmanager
def started(home: Path, *, port: int = 0, **environment: str) -> Iterator[System]:
    """Run `amparo up` on this home until the end of the block. Raises NotReady.

    It ends with us even if we are killed, and its engines, services and memory with it.
    """
    home = home.resolve()
    Home(home).make()
    log_path = home / "log" / "up.log"
    with processes.open_log(log_path) as log:
        command = [sys.executable, "-m", "deploy.cli", "up", "--home", str(home), "--port", str(port)]
        process = processes.start(command, log=log, environment={**os.environ, **environment})
    try:
        _wait_until_ready(Home(home), process, log_path)
        yield System(Home(home), process)
    finally:
        processes.end(process, signals=(signal.SIGTERM, signal.SIGKILL), wait_seconds=90)


def _wait_until_ready(home: Home, process: subprocess.Popen[bytes], log_path: Path) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while process.poll() is None and time.monotonic() < until:
        state = home.state()
        if state and state["pid"] == process.pid and state["is_ready"]:
            return
        time.sleep(0.05)
    raise NotReady(processes.last_lines(log_path, 30))
