"""Processes: start one that cannot outlive us, recognise one left behind, end one.

The rule here: no process that we start may survive us, however we end. On Linux the kernel sees to
it (the parent-death signal); elsewhere the next start finds what was left and ends it.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(signal_number: int, parent_pid: int) -> None:
    """In a child just forked: have the kernel send it this signal when its parent ends.

    To be called after any change of user, which would clear it. The parent is the *thread* that
    forked: engines and services are started from main threads only.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent_pid:  # it ended before the kernel was told
        os._exit(0)


@dataclass(frozen=True)
class SystemUser:
    """The user of the operating system that a process runs as."""

    name: str
    user_id: int
    group_id: int


def start(
    command: Sequence[str | Path],
    *,
    log: IO[bytes] | int,
    ending_signal: signal.Signals = signal.SIGTERM,
    user: SystemUser | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, which ends by `ending_signal` when we do.

    A session of its own, since Ctrl-C in a terminal reaches the whole foreground group: engines
    must outlive the services that still write to them.
    """
    parent_pid = os.getpid()
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=environment,
        user=user.user_id if user else None,
        group=user.group_id if user else None,
        extra_groups=[] if user else None,
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(ending_signal, parent_pid),
    )


def left_behind(pid: int, is_ours: Callable[[Sequence[str]], bool]) -> psutil.Process | None:
    """The running process of this id, if its command line is ours; ids are used again."""
    try:
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE and is_ours(process.cmdline()):
            return process
    except psutil.Error:
        pass
    return None


def end(
    process: subprocess.Popen[bytes] | psutil.Process,
    *,
    signals: Sequence[signal.Signals] = (signal.SIGTERM, signal.SIGKILL),
    wait_seconds: float = 15,
) -> None:
    """End a process by the first signal that it obeys within the wait; none running is fine."""
    for number in signals:
        try:
            process.send_signal(number)
            process.wait(wait_seconds)
            return
        except psutil.NoSuchProcess:
            return
        except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
            continue
    process.wait(wait_seconds)


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, for the message that says why something did not start."""
    if not log.exists():
        return ""
    with log.open("rb") as lines:
        lines.seek(max(0, log.stat().st_size - 16_384))
        return "\n".join(lines.read().decode(errors="replace").splitlines()[-count:])


LOG_BYTES_MAX = 16 * 1024 * 1024


def open_log(path: Path) -> IO[bytes]:
    """Open a log to append to, set aside first when it has grown large: two are kept."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
        path.replace(path.with_suffix(".1.log"))
    return path.open("ab")
