"""Doing to processes what the world does to them: killed in the middle of work, or stopped for a while."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx

from deploy.system import System
from tests.deploy.ends import wait_until


def pids(system: System, *names: str) -> list[int]:
    """The process ids of these processes, which run."""
    found = [pid for name in names if (pid := system.pid(name)) is not None]
    assert len(found) == len(names), system.state["processes"]
    return found


def kill(ids: Sequence[int]) -> None:
    """End processes at once, as a cut of power would."""
    for pid in ids:
        os.kill(pid, signal.SIGKILL)


def wait_until_back(system: System, names: Sequence[str], killed: Sequence[int]) -> None:
    """Return when these run again, as other processes than those that were killed, and every api answers."""
    gone = {None, *killed}
    wait_until(lambda: not gone & {system.pid(name) for name in names}, f"{names} run again", seconds=60)
    for part, url in system.state["urls"].items():
        wait_until(lambda: answers(url), f"{part} answers", seconds=60)  # noqa: B023  # called in this turn


def answers(url: str) -> bool:
    """Whether a part says that it is ready."""
    try:
        return httpx.get(f"{url}/readyz", timeout=2).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def standing_still(*ids: int) -> Iterator[None]:
    """Have processes stand still while the block runs, as on a machine that is paused."""
    for pid in ids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in ids:
            os.kill(pid, signal.SIGCONT)
