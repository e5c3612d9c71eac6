"""`amparo verify`."""

from pathlib import Path
from typing import Annotated

import typer


def verify(
    home: Annotated[Path, typer.Option("--home", help="Where this installation keeps everything.")] = Path(
        "var"
    ),
) -> None:
    """Prove what must always hold, on the running system; exit with 1 and the rows if it does not."""
    from rich.console import Console

    from deploy import installation
    from deploy.home import Home
    from deploy.verify import report

    with installation.reached(Home(home.resolve())) as reached:
        urls = {part: database.owner_url for part, database in reached.databases.items()}
        findings = report.verify(urls)
    if not report.show(findings, Console(soft_wrap=True)):
        raise typer.Exit(1)
