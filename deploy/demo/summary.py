"""The month's figures, from the API as staff see them: a table, and JSON with money as decimal strings."""

from typing import Any

from rich.table import Table

from deploy.demo.facts import PERIOD, Facts
from deploy.demo.office import Office

_MONEY = [
    "charged",
    "lapsed",
    "collected",
    "allocated",
    "credit",
    "suspense",
    "refunded",
    "declared",
    "billed",
    "differences",
    "remitted",
]
_WORDS = {
    "members": "members enrolled, verified by a second person",
    "dependants": "their families",
    "organisations": "organisations",
    "rejected_rows": "rows of the roster that were refused with line and reason",
    "charged": "charged for the month",
    "lapsed": "lapsed: who was left out owes nothing for it",
    "collected": "collected in cash and at the bank",
    "allocated": "… of it settled what was due",
    "credit": "… is members' credit",
    "suspense": "… waits for its owner",
    "refunded": "… went back",
    "declared": "declared to the State",
    "billed": "billed by the State",
    "differences": "billed more than declared, each peso explained",
    "remitted": "paid to the State, as the bank shows",
    "covered": "members covered",
    "left_out": "left out of the payroll, with the reason",
    "received": "benefit money received",
    "relayed": "… relayed to members",
    "returned": "… given back to the State",
    "waiting": "… waiting to be fetched",
    "sms_sent": "SMS sent",
    "sms_delivered": "… delivered",
}


def gather(office: Office, facts: Facts) -> dict[str, Any]:
    """The figures of the month, once everything that was under way has arrived."""
    administrator = office["administrator"]
    month = administrator.get(f"/api/contributions/v1/periods/{PERIOD}")
    counts = administrator.get("/api/registry/v1/counts")
    relayed = administrator.get("/api/benefits/v1/figures")
    sms = wait_for_messages(office)
    figures: dict[str, Any] = {
        "members": counts["members"]["active"],
        "dependants": sum(counts["dependants"].values()),
        "organisations": len(facts.organisations) + 1,
        "rejected_rows": facts.rejected_rows,
    }
    figures |= {name: _amount(month[name]) for name in _MONEY}
    figures |= {name: month[name] for name in ("covered", "left_out")}
    figures |= {name: relayed[name]["amount"] for name in ("received", "relayed", "returned", "waiting")}
    return figures | {name: sms[name] for name in ("sms_sent", "sms_delivered")}


def _amount(figure: dict[str, Any]) -> str:
    """A figure's amount, be it money alone or the money of so many members."""
    amount = figure["amount"]
    return str(amount["amount"] if isinstance(amount, dict) else amount)


def wait_for_messages(office: Office) -> dict[str, Any]:
    """Wait until none is queued; returns their figures."""
    administrator = office["administrator"]
    done: dict[str, Any] = office.wait(
        "the last SMS go out",
        lambda: administrator.get("/api/gateway/v1/messages/figures"),
        until=lambda seen: seen["queued"] == 0,
    )
    return done


def table(figures: dict[str, Any]) -> Table:
    """The figures for people."""
    shown = Table(title="July 2026", title_justify="left", box=None, pad_edge=False, show_header=False)
    shown.add_column(justify="right", style="bold")
    shown.add_column()
    for name, words in _WORDS.items():
        value = figures[name]
        shown.add_row(f"{value:,}" if isinstance(value, int) else f"{_grouped(value)} DOP", words)
    return shown


def _grouped(amount: str) -> str:
    whole, _, cents = amount.partition(".")
    return f"{int(whole):,}.{cents}"
