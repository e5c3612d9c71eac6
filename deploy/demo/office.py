"""The mutual's office in the demonstration: its people, and waiting for work that runs in the background."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.demo.people import Login, Person

PARTS = ("registry", "contributions", "benefits")
_POLL_SECONDS = 0.15
_WAIT_SECONDS_MAX = 600


class Office:
    """People by their place, and a console that shows what happens."""

    def __init__(self, url: str, logins: dict[str, Login], console: Console) -> None:
        http = httpx.Client(base_url=url, timeout=120)
        self.people = {place: Person(http, login) for place, login in logins.items()}
        self.console = console

    def __getitem__(self, place: str) -> Person:
        return self.people[place]

    def move_to(self, today: date) -> None:
        """Let it be another day everywhere. Only a sandbox can."""
        for part in PARTS:
            self["administrator"].put(f"/api/{part}/v1/business-date", {"today": today.isoformat()})
        # The gateway's own stands beside its pages, which show the month of its day.
        self["administrator"].put("/v1/business-date", {"today": today.isoformat()})
        self.console.print(f"[bold]{today:%A %d %B %Y}[/bold]")

    def say(self, line: str) -> None:
        self.console.print(f"  {line}", markup=False)

    def wait(
        self,
        what: str,
        look: Callable[[], Any],
        *,
        until: Callable[[Any], bool],
        done: Callable[[Any], int] = lambda seen: 0,
        total: int | None = None,
    ) -> Any:
        """Look again and again until it is so, showing a bar. Raises TimeoutError after ten minutes."""
        with self.progress() as progress:
            bar = progress.add_task(what, total=total)
            end = time.monotonic() + _WAIT_SECONDS_MAX
            while time.monotonic() < end:
                seen = look()
                progress.update(bar, completed=done(seen))
                if until(seen):
                    progress.update(bar, total=total or 1, completed=total or 1)
                    return seen
                time.sleep(_POLL_SECONDS)
        raise TimeoutError(f"{what}: not done after {_WAIT_SECONDS_MAX} s")

    def progress(self) -> Progress:
        """A progress display in the demonstration's manner."""
        return Progress(
            TextColumn("  {task.description:<34}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
        )
