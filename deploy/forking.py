"""Starting a process as a fork of this one, which has imported once what all of them need.

Eight processes that each import the same libraries take twenty seconds of work and 150 MB each;
forked, they start at once and share that memory. The rule: a process that has threads never forks,
since a fork copies only the thread that asked, with whatever locks the others held.
"""

import ctypes
import gc
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy import processes

M_ARENA_MAX = -8
INHERITED_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP)


def settle_memory() -> None:
    """To be called once before the first fork, so that children keep sharing what is here."""
    gc.collect()
    gc.freeze()  # a collection would write to every object, and so copy every page
    if sys.platform == "linux":
        # Else each thread of a pool gets an arena of its own, which never shrinks.
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def fork(run: Callable[[], None], *, log: Path, environment: Mapping[str, str]) -> int:
    """Run a function in a child process that ends when it returns, or when we end; the child's id."""
    assert threading.active_count() == 1, "a process that has threads must not fork"
    sys.stdout.flush()
    sys.stderr.flush()
    parent_pid = os.getpid()
    if pid := os.fork():
        return pid
    code = 1
    try:
        _become_child(log, environment, parent_pid)
        run()
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException:  # whatever it was, it must not climb into the parent's frames below
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def side_by_side(tasks: Mapping[str, Callable[[], None]], *, log: Path) -> list[str]:
    """Run each in a child process of its own, all at once; the names of those that failed."""
    pids = {name: fork(run, log=log, environment={}) for name, run in tasks.items()}
    ended = {name: os.waitpid(pid, 0)[1] for name, pid in pids.items()}
    return [name for name, how in ended.items() if how]


def _become_child(log: Path, environment: Mapping[str, str], parent_pid: int) -> None:
    for number in INHERITED_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    os.setsid()  # Ctrl-C in a terminal is for the supervisor, which then asks us
    # Not asked politely: the engines end with the same parent, and a service that waits for them to come
    # again would hold this home for half a minute. Each is made to survive that.
    processes.die_with_parent(signal.SIGKILL, parent_pid)
    with processes.open_log(log) as out, open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    os.environ.update(environment)
