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
    import os

    from rich.console import Console

    from deploy import installation
    from deploy.home import Home
    from deploy.verify import report

    with installation.reached(Home(home.resolve())) as reached:
        # The owner sees everything; where only the runtime role is given, it sees enough.
        urls = {part: database.owner_url or database.url for part, database in reached.databases.items()}
        # Databases that the environment names are of another home: its key is not here.
        is_elsewhere = any(installation.named_database(part) for part in urls)
        kept_here = None if is_elsewhere else reached.home.secret("secret-key")
        secret_key = os.environ.get("AMPARO_SECRET_KEY") or kept_here
        findings = report.verify(urls, secret_key=secret_key)
    if not report.show(findings, Console(soft_wrap=True)):
        raise typer.Exit(1)
