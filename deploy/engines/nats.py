"""A NATS server with JetStream of our own, from the wheel: loopback, one user with a password."""

import json
import signal
import socket
import subprocess
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

from deploy import ports, processes
from deploy.problems import EngineFailed

HOST = "127.0.0.1"
USER = "amparo"


def binary() -> Path:
    """Where the wheel put the server: among the scripts of the environment."""
    server = Path(sysconfig.get_path("scripts")) / "nats-server"
    if not server.exists():
        raise EngineFailed("install amparo[embedded], or set AMPARO_NATS_URL to a server")
    return server


@dataclass
class Nats:
    """The server of one home; it keeps its port from one start to the next where it can."""

    directory: Path
    log: Path
    password: str
    port_wanted: int = 4222
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://{USER}:{self.password}@{HOST}:{self.port}"

    @property
    def store(self) -> Path:
        """Where the streams are kept."""
        return self.directory / "jetstream"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def begin(self) -> None:
        """Start the server; `wait` says when it is ready."""
        self.stop()
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._end_left_behind()
        # Kept while this object lives: services were told the address once.
        self.port = ports.free_port(self.port or self.port_wanted, host=HOST)
        configuration = self.directory / "nats.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(self._configuration())
        with processes.open_log(self.log) as log:
            self._process = processes.start([binary(), "-c", configuration], log=log)
        (self.directory / "nats.pid").write_text(str(self._process.pid))

    def wait(self, seconds: float = 60) -> None:
        """Return when the server greets with JetStream on. Raises EngineFailed with its log."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.has_ended():
            if _greets_with_jetstream(self.port):
                return
            time.sleep(0.02)
        raise EngineFailed(processes.last_lines(self.log))

    def start(self) -> None:
        self.begin()
        self.wait()

    def stop(self) -> None:
        if self._process:
            processes.end(self._process)
            self._process = None
            (self.directory / "nats.pid").unlink(missing_ok=True)

    def kill(self) -> None:
        """End it as a cut of power would; for tests of what survives that."""
        if self._process:
            processes.end(self._process, signals=(signal.SIGKILL,))
            self._process = None

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _configuration(self) -> str:
        # The password stands in a private file, not on a command line that everybody can list.
        return f"""\
listen: "{HOST}:{self.port}"
server_name: amparo
jetstream {{ store_dir: {_quoted(self.store)}, max_memory_store: 64MB }}
authorization {{ user: {USER}, password: {_quoted(self.password)} }}
"""

    def _end_left_behind(self) -> None:
        noted = self.directory / "nats.pid"
        if not noted.exists():
            return
        mine = str(self.directory / "nats.conf")
        pid = int(noted.read_text() or 0)
        if running := processes.left_behind(pid, lambda command: mine in command):
            processes.end(running)
        noted.unlink()


def _quoted(text: str | Path) -> str:
    # Its language knows JSON's strings, but for those that are written by numbers.
    return json.dumps(str(text), ensure_ascii=False)


def _greets_with_jetstream(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            greeting = connection.makefile("rb").readline()
    except OSError:
        return False
    return b'"jetstream":true' in greeting
