"""Running every check, and saying what was found."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.verify import benefits, books, events, filings, seals
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
    *filings.CHECKS,
    *benefits.CHECKS,
    *events.CHECKS,
]


def verify(urls: Mapping[str, str]) -> list[Finding]:
    """Every check on one snapshot of each part's database; `urls` by part."""
    with snapshots(urls) as taken:
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
            pending = str(finding.pending) if finding.pending else ""
            table.add_row(mark, escape(finding.title), f"{finding.checked:,}", pending)
            for row in finding.offending:
                table.add_row("", f"[red]{escape(row)}[/red]")
    console.print(table)
    return all(finding.holds for finding in findings)
