"""`amparo up`, everything embedded, on a new home and again: seconds to ready, and memory in all."""

import time
from pathlib import Path

import psutil

from deploy.system import started
from tests.bench.figures import Figures
from tests.bench.system import on_its_own


def measure(home: Path, figures: Figures) -> None:
    """Start, look, stop; then start what is there already."""
    for name, goal in (("amparo up, first time", None), ("amparo up, again", "<= 10")):
        begun = time.perf_counter()
        with on_its_own(), started(home, port=0) as system:
            seconds = time.perf_counter() - begun
            time.sleep(5)  # what a start takes for itself is given back
            memory = _memory(system.process.pid)
        figures.add(name, seconds, "s", goal=goal)
    figures.add("memory in all (PSS)", memory / 2**30, "GB", goal="<= 1.2")


def _memory(pid: int) -> int:
    """The proportional memory of a process and all below it: what is shared counts once."""
    root = psutil.Process(pid)
    return sum(one.memory_full_info().pss for one in [root, *root.children(recursive=True)])
