"""`amparo demo`."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    home: Annotated[Path, typer.Option("--home", help="Where this installation keeps everything.")] = Path(
        "var"
    ),
    members: Annotated[int, typer.Option(help="How many synthetic members live through the month.")] = 2000,
    port: Annotated[int, typer.Option(help="Where the gateway listens; 0 takes any free port.")] = 8000,
    exit_: Annotated[bool, typer.Option("--exit", help="End after the month, 0 if all holds.")] = False,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write the figures there.")] = None,
) -> None:
    """Watch a mutual live through a month: everything real, the members synthetic."""
    from deploy.demo import running

    if members < 200:
        raise typer.BadParameter("a month needs at least 200 members to show every case")
    if not running.run(home, members=members, port=port, stay=not exit_, json_path=json_path):
        raise typer.Exit(1)
