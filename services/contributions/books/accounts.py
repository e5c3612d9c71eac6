"""The chart of accounts. A name says the class of money first, then whose or what for.

| Account | Kind | What stands on it |
|---|---|---|
| `bank:<account>`, `cash:<till>` | asset | client money held |
| `receivable:<fund>` | asset | charged to members and not yet paid, for each fund |
| `obligations:<what>` | liability | charged for the State (`contributions`, `dependants`), or `fees` |
| `members:credit` | liability | paid by members and not yet used: theirs |
| `suspense` | liability | money that matches nobody yet |
| `mutual:shortfall` | asset | what the mutual put in where a notice billed more than was collected |
"""

MEMBERS_CREDIT = "members:credit"
SUSPENSE = "suspense"
SHORTFALL = "mutual:shortfall"


def bank(account: str) -> str:
    """The account of one bank account of the mutual."""
    return f"bank:{account}"


def cash(till: str) -> str:
    """The account of one till."""
    return f"cash:{till}"


def receivable(fund: str) -> str:
    """What members owe to one fund (`contributions`, `fees`)."""
    return f"receivable:{fund}"


def obligations(what: str) -> str:
    """What is owed onwards for members: `contributions` and `dependants` to the State, `fees`."""
    return f"obligations:{what}"
