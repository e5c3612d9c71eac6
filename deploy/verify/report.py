"""Running every check, and saying what was found."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.verify import (
    billed,
    books,
    collected,
    covered,
    declared,
    effects,
    events,
    named,
    receipts,
    relayed,
    seals,
)
from deploy.verify.checks import Check, Finding, snapshots

INVARIANTS = {
    1: "Debits equal credits; balances are the sums of their rows; seals are unbroken",
    2: "Collected = allocated + credit + suspense + refunded; client money is there",
    3: "Declared, billed and remitted agree, each difference with its reason",
    4: "Benefit money received = relayed + returned + waiting",
    5: "Nobody is on a payroll without mandate, authorisation and verified identity",
    6: "Every receipt number is unique, issued by the server, and findable",
    7: "Whoever is covered is on a confirmed notice; whoever is not was told",
    8: "Each event took effect exactly once",
}

CHECKS: list[Check] = [
    *books.CHECKS,
    *seals.CHECKS,
    *collected.CHECKS,
    *declared.CHECKS,
    *billed.CHECKS,
    *relayed.CHECKS,
    *named.CHECKS,
    *receipts.CHECKS,
    *covered.CHECKS,
    *events.CHECKS,
    *effects.CHECKS,
]


def verify(urls: Mapping[str, str], *, secret_key: str | None = None) -> list[Finding]:
    """Every check on one snapshot of each part's database; `urls` by part.

    With the installation's secret key the seals' signatures are checked too.
    """
    with snapshots(urls, secret_key) as taken:
        return [check(taken) for check in CHECKS]


def show(findings: list[Finding], console: Console) -> bool:
    """Print each invariant with its counts, and the rows that offend; says whether all hold."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "what always holds", "checked", "pending"):
        table.add_column(heading, justify="right" if heading in ("checked", "pending") else "left")
    for number, title in INVARIANTS.items():
        table.add_row(f"[bold]{number}[/bold]", f"[bold]{title}[/bold]")
        for finding in (one for one in findings if one.invariant == number):
            mark = "[green]✓[/green]" if finding.holds else "[red]✗[/red]"
            pending = f"{finding.pending:,}" if finding.pending else ""
            told = escape(finding.title) + (f" [dim]({escape(finding.note)})[/dim]" if finding.note else "")
            table.add_row(mark, told, f"{finding.checked:,}", pending)
            for row in finding.shown:
                table.add_row("", f"[red]{escape(row)}[/red]")
    console.print(table)
    return all(finding.holds for finding in findings)
