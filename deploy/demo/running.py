"""The demonstration from start to end: the system, the sandbox around it, the month, the proof."""

import json
import os
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from deploy import console, installation, ports
from deploy.demo import around, collecting, facts, filing, joining, people, relaying, summary
from deploy.demo.facts import Facts
from deploy.demo.office import Office
from deploy.demo.people import STAFF, Login
from deploy.home import Home
from deploy.problems import HomeTaken, StopAsked
from deploy.running import until_asked_to_stop
from deploy.system import System, started
from deploy.verify.proving import prove


@dataclass(frozen=True)
class Kept:
    """What the demonstration keeps under the home: sign-ins, and the figures once the month is over."""

    directory: Path

    @property
    def logins(self) -> Path:
        return self.directory / "logins.json"

    @property
    def figures(self) -> Path:
        return self.directory / "figures.json"


def run(home: Path, *, members: int, port: int, stay: bool, json_path: Path | None) -> bool:
    """Live through the month on this home, or show the one that it lived through; says whether all holds.

    Raises HomeTaken if an earlier month on this home was interrupted.
    """
    out = Console(highlight=False)
    try:
        with until_asked_to_stop(), ExitStack() as stack:
            return _run(home.resolve(), members, port or ports.free_port(), stay, json_path, out, stack)
    except StopAsked:
        out.print("stopped")
        return True


def _run(
    home: Path, members: int, port: int, stay: bool, json_path: Path | None, out: Console, stack: ExitStack
) -> bool:
    kept = Kept(home / "demo")
    kept.directory.mkdir(parents=True, exist_ok=True)
    logins = people.kept(kept.logins)
    if logins and not kept.figures.exists():
        raise HomeTaken(f"a month was interrupted in {home}: remove it, or choose another with --home")
    month = Facts(members, kept.directory)
    Home(home).make()
    sms = stack.enter_context(around.sms_gateway(Home(home).logs, port, seed=month.seed))
    out.print("starting PostgreSQL, NATS and the services …")
    system = stack.enter_context(started(home, port=port, **around.surroundings(kept.directory, sms)))
    if logins:
        out.print("This home has lived through its month already; here it is again.")
        figures = json.loads(kept.figures.read_text())
    else:
        logins = _hire(home, kept)
        office = Office(system.url, logins, out)
        figures = _live(office, system, stack, month, sms.url)
        kept.figures.write_text(json.dumps(figures))
    holds = _prove(system, figures, json_path, out)
    if stay:
        _stay(system, logins["visitor"], out)
    return holds


def _live(office: Office, system: System, stack: ExitStack, month: Facts, sms_url: str) -> dict[str, Any]:
    """The month, day by day; returns its figures."""
    office.move_to(facts.CHARGED_ON)
    joining.found(office, month)
    joining.enrol(office, month)
    stack.enter_context(around.agency(system, month))
    collecting.charge(office, month)
    collecting.take_cash(office, month)
    office.move_to(facts.COLLECTED_ON)
    collecting.bank_deposits(office, month)
    office.move_to(facts.CLOSED_ON)
    filing.declare(office, month)
    filing.reconcile(office, month)
    office.move_to(facts.REMITTED_ON)
    filing.remit(office, month)
    office.move_to(facts.RELAYED_ON)
    relaying.receive(office, month)
    relaying.release(office, month, sms_url)
    figures = summary.gather(office, month)
    collecting.begin_next_month(office, month)
    summary.wait_for_messages(office)
    return figures


def _prove(system: System, figures: dict[str, Any], json_path: Path | None, out: Console) -> bool:
    """Show the figures, and that everything holds which must; write them where they are wanted."""
    out.print()
    out.print(summary.table(figures))
    holds = prove(system.home, out)
    if json_path is not None:
        proven = figures | {"verify": "holds" if holds else "broken"}
        json_path.write_text(json.dumps(proven, indent=2) + "\n")
    return holds


def _hire(home: Path, kept: Kept) -> dict[str, Login]:
    """Everybody who works here, added from the host's console, each with credentials of their own."""
    with installation.surroundings_of("gateway", Home(home)):
        url = os.environ["AMPARO_GATEWAY_DATABASE_URL"]
        logins = {}
        for place, (name, role) in STAFF.items():
            email = f"{place}@mutual.example"
            added = console.add_staff(url, email, name, roles=[role], roots=None, language="es")
            logins[place] = Login(added.email, added.password, added.totp_uri)
    people.keep(kept.logins, logins)
    return logins


def _stay(system: System, visitor: Login, out: Console) -> None:
    """Keep running until asked to stop, with what is needed to sign in and the code of the moment."""
    out.print(f"\nThe admin is at [bold]{system.url}/admin[/bold] — sign in and look around. Ctrl-C stops.")
    out.print(f"  e-mail    {visitor.email}\n  password  {visitor.password}", markup=False)
    out.print(f"  {visitor.totp_uri}", markup=False, soft_wrap=True)
    with Live(console=out, refresh_per_second=2, transient=True) as live:
        while system.process.poll() is None:
            left = 30 - int(time.time()) % 30
            live.update(Text(f"  code      {visitor.code()}   ({left} s)"))
            time.sleep(0.5)
