"""`amparo sample roster`: write a synthetic roster and tell what is wrong in it."""

from pathlib import Path
from typing import Annotated

import typer


def roster(
    path: Annotated[Path, typer.Argument(help="The file to write, .csv or .xlsx.")],
    members: Annotated[
        int, typer.Option(min=0, help="Contributors; each has 2.35 dependants on average.")
    ] = 2_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
    errors: Annotated[
        float, typer.Option(min=0, max=1, help="Share of members' rows with a mistake.")
    ] = 0.02,
    minimum_wage: Annotated[str, typer.Option(help="The least wage that may be declared.")] = "14161.00",
    as_of: Annotated[
        str, typer.Option(help="Ages count to this day; all was signed before it.")
    ] = "2026-06-15",
    organisation: Annotated[
        list[str] | None, typer.Option(help="Once for each; without it, a dozen made-up ones.")
    ] = None,
    mistakes: Annotated[
        Path | None, typer.Option(help="Also write a CSV of the planted mistakes, to compare an import with.")
    ] = None,
) -> None:
    """Write a realistic roster of people who do not exist, in the format that an import takes."""
    from datetime import date
    from decimal import Decimal, InvalidOperation

    from rich.console import Console
    from rich.progress import Progress

    from deploy.sample.names import ORGANISATIONS
    from deploy.sample.roster import write_roster

    try:
        wage, day = Decimal(minimum_wage), date.fromisoformat(as_of)
        with Progress(transient=True) as progress:
            bar = progress.add_task(path.name, total=members)
            written = write_roster(
                path,
                members,
                seed,
                errors,
                organisations=organisation or ORGANISATIONS,
                minimum_wage=wage,
                as_of=day,
                on_progress=lambda done: progress.update(bar, completed=done),
            )
    except (ValueError, InvalidOperation, OSError) as failure:
        raise typer.BadParameter(str(failure)) from None
    out = Console(highlight=False, soft_wrap=True)
    out.print(
        f"{path}: {written.members} members and {written.dependants} dependants"
        f" ({written.additional_dependants} additional), {len(written.planted)} mistakes",
        markup=False,
    )
    if mistakes:
        written.write_mistakes(mistakes)
        out.print(f"{mistakes}: the mistakes by line", markup=False)
