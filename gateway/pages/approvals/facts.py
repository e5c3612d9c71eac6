"""The facts of a request, told in the reader's words.

Each kind of request has facts of its own, and a new kind must not need a change here to be
readable: what has a word is told with it, what is known by its shape (money, a day, a month) is
written as such, and ids, which tell nobody anything, are left out.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gateway.pages import formatting
from gateway.pages.approvals.views import Fact
from gateway.pages.visits import Visit
from gateway.pages.words import N_, word
from services.kit.money import Money
from services.kit.periods import Period

_LABELS: Mapping[str, str] = {
    "receipt_number": N_("Receipt"),
    "member_number": N_("Member number"),
    "reason": N_("Reason given"),
    "period": N_("Month"),
    "due_on": N_("Due"),
    "name": N_("Name"),
    "role": N_("Role"),
    "holder_name": N_("Account holder"),
    "account_hint": N_("Account"),
    "bic": N_("Bank"),
    "members": N_("Members"),
    "lines": N_("Lines"),
    "payouts": N_("Payouts"),
    "count": N_("How many"),
    "agency": N_("Agency"),
    "reference": N_("Reference"),
    "issuer": N_("Issued by"),
    "number": N_("Number"),
    "scheme": N_("Scheme"),
    "employer_number": N_("Employer's number (RNC)"),
    "payroll_codes": N_("Payroll codes"),
    "minimum_wage": N_("Minimum wage"),
    "valid_from": N_("Valid from"),
    "expires_on": N_("Expires"),
    "value_on": N_("Value date"),
    "account": N_("Bank account"),
    "shortfall": N_("What the mutual puts in"),
    "shortfall_account": N_("Taken from"),
    "left_out": N_("Left out"),
    "statements_through": N_("Bank statements through"),
    "cut_off_on": N_("Cut-off"),
    "declared": N_("Declared"),
    "billed": N_("Billed"),
    "remitted": N_("Paid to the State"),
    "attempt": N_("Attempt"),
    "matched_by_hand": N_("Matched by hand"),
}
_UNTOLD = {
    "version",
    "state",
    "amount",
    "amount_minor",
    "total",
    "total_minor",
    "currency",
    "employer_number_checks",
}


def amount_of(facts: Mapping[str, Any]) -> Money | None:
    """The money that a request is about, if it is about money."""
    minor, currency = facts.get("amount_minor", facts.get("total_minor")), facts.get("currency")
    if isinstance(minor, int) and isinstance(currency, str):
        return Money(minor, currency)
    return _money(facts.get("amount")) or _money(facts.get("total"))


def told(facts: Mapping[str, Any], reader: Visit) -> list[Fact]:
    """The facts worth reading, in the order in which the service gives them."""
    shown = []
    for name, value in facts.items():
        if name == "member_id":
            text = reader.say(N_("The member's page"))
            shown.append(Fact(reader.say(N_("Member")), text, f"/admin/members/{value}"))
        elif name not in _UNTOLD and not name.endswith(("_id", "_by", "_at", "sha256")):
            text = _text(name, value, reader)
            if text:
                shown.append(Fact(_label(name, reader), text))
    return shown


def _label(name: str, reader: Visit) -> str:
    known = _LABELS.get(name)
    return reader.say(known) if known else name.replace("_", " ").capitalize()


def _text(name: str, value: Any, reader: Visit) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return reader.say(N_("Yes")) if value else reader.say(N_("No"))
    if isinstance(value, int):
        # A receipt's number is a name, a count is a number.
        return str(value) if name.endswith("number") else formatting.number(value, reader.language)
    if isinstance(value, list):
        return ", ".join(_text(name, part, reader) for part in value)
    if (money := _money(value)) is not None:
        return formatting.money(money, reader.language)
    if name == "role":
        return word(reader.words, "role", str(value))
    return _written_day(str(value), reader)


def _written_day(value: str, reader: Visit) -> str:
    try:
        return formatting.month(Period.parse(value), reader.language)
    except ValueError:
        pass
    try:
        return formatting.day(date.fromisoformat(value), reader.language)
    except ValueError:
        return value


def _money(value: Any) -> Money | None:
    if not isinstance(value, dict) or value.keys() != {"amount", "currency"}:
        return None
    try:
        return Money.parse(value["amount"], value["currency"])
    except (ValueError, TypeError):
        return None
