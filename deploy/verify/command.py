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

    from deploy.home import Home
    from deploy.verify.proving import prove

    if not prove(Home(home.resolve()), Console(soft_wrap=True)):
        raise typer.Exit(1)
