"""Keeping processes running: start, start again what ends, stop all.

Small on purpose, for one machine; in production an orchestrator does this. No threads, since it
forks: one loop looks at everything ten times a second.
"""

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from deploy import forking, processes
from deploy.problems import NotReady

LOOK_SECONDS = 0.1
WAIT_SECONDS_FIRST, WAIT_SECONDS_MAX = 0.5, 30.0
# Whatever has run this long was well: the next end is not counted as one more failure.
WELL_SECONDS = 60.0
STOP_SECONDS = 30.0  # a worker finishes what it is in the middle of


class Kept(Protocol):
    """Something that the supervisor keeps running."""

    def start(self) -> None: ...
    def has_ended(self) -> bool: ...
    def stop(self) -> None: ...
    @property
    def pid(self) -> int | None: ...


@dataclass
class Service:
    """One process of a part, forked from this one."""

    run: Callable[[], None]
    log: Path
    environment: Mapping[str, str]
    ready_url: str = ""
    pid: int | None = None
    ended_how: int = 0

    def start(self) -> None:
        self.pid = forking.fork(self.run, log=self.log, environment=self.environment)

    def has_ended(self) -> bool:
        if self.pid is None:
            return True
        try:
            ended, self.ended_how = os.waitpid(self.pid, os.WNOHANG)
        except ChildProcessError:
            ended = self.pid
        if ended:
            self.pid = None
        return bool(ended)

    @property
    def has_failed(self) -> bool:
        """True if it ended by itself with an error, which its log explains; not if it was killed."""
        return os.waitstatus_to_exitcode(self.ended_how) > 0

    def signal(self, number: signal.Signals) -> None:
        if self.pid is not None:
            os.kill(self.pid, number)  # not reaped yet, so the id is still its own

    def stop(self) -> None:
        """End it politely, or else by force."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            self.signal(number)
            until = time.monotonic() + STOP_SECONDS
            while time.monotonic() < until:
                if self.has_ended():
                    return
                time.sleep(0.02)

    def is_ready(self) -> bool:
        """True if it runs and, where it has an address to ask at, says that it is ready."""
        return not self.has_ended() and (not self.ready_url or _answers(self.ready_url))


@dataclass
class _Watched:
    kept: Kept
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = 0


@dataclass
class Supervisor:
    """Keeps engines and services running until it is told to stop.

    `say` gets a line for people; `changed` is called after each start, to tell the new process ids.
    """

    engines: Mapping[str, Kept]
    services: Mapping[str, Service]
    say: Callable[[str], None]
    changed: Callable[[], None] = lambda: None
    _watched: dict[str, _Watched] = field(default_factory=dict)

    def start(self) -> None:
        """Start the services; the engines run already, since databases were made on them."""
        for name, engine in self.engines.items():
            self._watched[name] = _Watched(engine, started_at=time.monotonic())
        for name, service in self.services.items():
            service.start()
            self._watched[name] = _Watched(service, started_at=time.monotonic())
        self.changed()

    def wait_until_ready(self, seconds: float = 120) -> None:
        """Return when each service says it is ready. Raises NotReady naming those that do not."""
        until = time.monotonic() + seconds
        waiting = dict(self.services)
        while waiting := {name: one for name, one in waiting.items() if not one.is_ready()}:
            if time.monotonic() > until:
                raise NotReady(f"not ready after {seconds:.0f} s: {', '.join(waiting)}")
            self.look()
            time.sleep(0.02)

    def watch(self) -> None:
        """Start again whatever ends, for ever; leave by an exception, from a signal's handler."""
        while True:
            self.look()
            time.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Start what has ended, after a wait that doubles with each failure."""
        now = time.monotonic()
        for name, watched in self._watched.items():
            if not watched.kept.has_ended():
                continue
            if not watched.start_at:
                watched.failures = 0 if now - watched.started_at > WELL_SECONDS else watched.failures + 1
                wait = min(WAIT_SECONDS_FIRST * 2 ** max(0, watched.failures - 1), WAIT_SECONDS_MAX)
                watched.start_at = now + wait
                self.say(f"{name} ended{_how(watched.kept)}; it starts again in {wait:g} s")
                if isinstance(watched.kept, Service) and watched.kept.has_failed:
                    self.say(processes.last_lines(watched.kept.log, 6))
            elif now >= watched.start_at:
                watched.start_at, watched.started_at = 0.0, now
                watched.kept.start()
                self.changed()

    def stop(self) -> None:
        """Stop the services together; the engines are stopped by whoever started them."""
        for service in self.services.values():
            service.signal(signal.SIGTERM)
        for service in self.services.values():
            service.stop()


def _how(kept: Kept) -> str:
    if not isinstance(kept, Service):
        return ""
    code = os.waitstatus_to_exitcode(kept.ended_how)
    if code < 0:
        return f" by {signal.Signals(-code).name}"
    return f" with code {code} (see {kept.log})"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
