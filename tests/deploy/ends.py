"""Waiting for processes, in tests that end them."""

import time
from collections.abc import Callable

import psutil


def has_ended(pid: int) -> bool:
    """True when the process is gone; one that nobody has reaped yet runs no more either."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 15) -> None:
    """Return as soon as it holds; fail saying what did not come to hold in time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(0.05)


def wait_until_ended(*pids: int | None) -> None:
    wait_until(lambda: all(pid and has_ended(pid) for pid in pids), "every process has ended")
