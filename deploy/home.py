"""The directory under which an installation keeps everything: `--home`, by default `./var`.

    postgres/  nats/  run/     the embedded engines' data and socket
    log/                       one log for each process
    secrets.json               passwords and keys, made once, 0600: keep it with the backups
    state.json                 what runs now, 0600
    lock                       held by the one process that runs this home

Whoever holds the lock may start engines there. The kernel gives it back when that process ends,
however it ends.
"""

import base64
import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from deploy.problems import HomeTaken


@dataclass(frozen=True)
class Home:
    """One installation's directory."""

    path: Path

    @property
    def logs(self) -> Path:
        return self.path / "log"

    def make(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def secret(self, name: str) -> str:
        """The secret of this name: 32 random bytes, base64url, made when first asked for."""
        self.make()
        with (self.path / "secrets.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            file = self.path / "secrets.json"
            known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
            if name not in known:
                known[name] = base64.urlsafe_b64encode(os.urandom(32)).decode()
                write_private(file, known)
            return known[name]

    @contextmanager
    def lock(self, wait_seconds: float = 0) -> Iterator[None]:
        """Hold this home alone. Raises HomeTaken when another process keeps holding it."""
        self.make()
        until = time.monotonic() + wait_seconds
        with (self.path / "lock").open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise HomeTaken(f"another amparo command runs {self.path}") from None
                    time.sleep(0.1)
            yield

    def state(self) -> dict[str, Any] | None:
        """What the process that runs this home has said of itself, or None if none runs."""
        file = self.path / "state.json"
        if not file.exists():
            return None
        told: dict[str, Any] = json.loads(file.read_text())
        # One that was killed could not take its word back.
        return told if psutil.pid_exists(told["pid"]) else None

    def tell(self, state: Mapping[str, Any]) -> None:
        """Say what runs now; only the holder of the lock does."""
        write_private(self.path / "state.json", state)

    def forget(self) -> None:
        (self.path / "state.json").unlink(missing_ok=True)


def write_private(file: Path, content: Mapping[str, Any]) -> None:
    """Replace a file in one step, readable by its owner only; synced, since secrets are in it."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(content, out, indent=2)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
