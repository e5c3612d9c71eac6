"""The `amparo` command.

Each command imports what it needs when it runs: `amparo --help` should answer at once.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from deploy.demo.command import demo
from deploy.parts import PARTS
from deploy.problems import CannotRun, StopAsked
from deploy.sample.command import roster
from deploy.verify.command import verify

app = typer.Typer(
    name="amparo",
    help="A virtual employer: social security for workers who have no employer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
sample = typer.Typer(help="Synthetic data to try things with.", no_args_is_help=True)
staff = typer.Typer(help="The people who work at the mutual.", no_args_is_help=True)
client = typer.Typer(help="The systems that may call the API.", no_args_is_help=True)
app.add_typer(sample, name="sample")
app.add_typer(staff, name="staff")
app.add_typer(client, name="client")

out = Console(highlight=False, soft_wrap=True)

HomeOption = Annotated[Path, typer.Option("--home", help="Where this installation keeps everything.")]
PartArgument = Annotated[str, typer.Argument(help=f"One of {', '.join(PARTS)}.")]
DEFAULT_HOME = Path("var")


def main() -> None:
    """Run the command line; what cannot be done is told in a line, not in a stack trace."""
    try:
        app()
    except (CannotRun, PermissionError) as failure:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"amparo: {failure}", markup=False)
        sys.exit(1)


def say(line: str) -> None:
    """One line for whoever watches."""
    out.print(line, markup=False)


@app.command()
def up(
    home: HomeOption = DEFAULT_HOME,
    port: Annotated[int, typer.Option(help="Where the gateway listens; 0 takes any free port.")] = 8000,
    host: Annotated[str, typer.Option(help="0.0.0.0 lets other machines in.")] = "127.0.0.1",
) -> None:
    """Run everything here until Ctrl-C: engines, services, gateway.

    AMPARO_DATABASE_URL and AMPARO_NATS_URL put servers elsewhere in the engines' place.
    """
    from deploy import ports
    from deploy.home import Home
    from deploy.running import until_asked_to_stop
    from deploy.running import up as run

    try:
        with until_asked_to_stop():
            run(Home(home.resolve()), host=host, port=port or ports.free_port(), say=say)
    except StopAsked:
        say("stopped")


@app.command()
def migrate(home: HomeOption = DEFAULT_HOME) -> None:
    """Bring every database to the newest version.

    Those that AMPARO_<PART>_OWNER_DATABASE_URL name, made first if AMPARO_DATABASE_URL says who may;
    or else those of this home.
    """
    from deploy import installation
    from deploy.home import Home

    named = {part: database for part in PARTS if (database := installation.named_database(part))}
    if named and (len(named) == len(PARTS) or not os.environ.get("AMPARO_DATABASE_URL")):
        for part, database in named.items():
            installation.prepare(part, database, installation.admin_url_for(part, ""))
        secrets = {part: secret for part in PARTS if (secret := installation.named_secret(part))}
        installation.introduce_parts(named, secrets)
    else:
        with installation.reached(Home(home.resolve())) as reached:
            for part, database in reached.databases.items():
                installation.prepare(part, database, "")
    say("every database is at its newest version")


@app.command()
def api(
    part: PartArgument,
    home: HomeOption = DEFAULT_HOME,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option()] = 8000,
) -> None:
    """Run one part's HTTP face, as in production; the environment says where its servers are."""
    from deploy.serving import serve

    with _surroundings(part, home):
        serve(part, host, port)


@app.command()
def worker(part: PartArgument, home: HomeOption = DEFAULT_HOME) -> None:
    """Run one part's worker, as in production: its outbox, its consumers and its jobs."""
    from deploy.serving import work

    with _surroundings(part, home):
        work(part)


@staff.command("add")
def add_staff(
    email: Annotated[str, typer.Argument(help="With which they sign in.")],
    name: Annotated[str, typer.Option(help="As others will see it.")],
    role: Annotated[list[str], typer.Option(help="May be given several times; see gateway/roles.py.")],
    root: Annotated[
        list[UUID] | None, typer.Option(help="An organisation that they are limited to, with all below it.")
    ] = None,
    language: Annotated[str, typer.Option(help="es or en.")] = "es",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Add a person who signs in at the admin; password and one-time code are told this once."""
    from deploy import console

    with _surroundings("gateway", home) as url, console.refusals_told():
        added = console.add_staff(url, email, name, roles=role, roots=root, language=language)
    say(f"email: {added.email}")
    say(f"password: {added.password}")
    say(f"totp: {added.totp_uri}")


@client.command("add")
def add_client(
    name: Annotated[str, typer.Argument(help="What the system is called.")],
    role: Annotated[str, typer.Option(help="What it may do; see gateway/roles.py.")],
    agency: Annotated[str | None, typer.Option(help="With --role state_agency: which agency it is.")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Add a system that calls the API; its secret is told this once."""
    from deploy import console

    with _surroundings("gateway", home) as url, console.refusals_told():
        added = console.add_client(url, name, role, agency)
    say(f"client_id: {added.client_id}")
    say(f"client_secret: {added.client_secret}")


@contextmanager
def _surroundings(part: str, home: Path) -> Iterator[str]:
    from deploy.home import Home
    from deploy.installation import surroundings_of

    if part not in PARTS:
        raise typer.BadParameter(f"{part!r} is none of {', '.join(PARTS)}")
    with surroundings_of(part, Home(home.resolve())):
        yield os.environ[f"AMPARO_{part.upper()}_DATABASE_URL"]


# Commands that live beside what they run: modules that are light to import, as this one is.
app.command("demo")(demo)
app.command("verify")(verify)
sample.command("roster")(roster)

if __name__ == "__main__":
    main()
