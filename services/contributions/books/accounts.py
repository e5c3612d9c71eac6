"""The chart of accounts. A name says the class of money first, then whose or what for.

| Account | Kind | What stands on it |
|---|---|---|
| `bank:<account>`, `cash:<till>` | asset | client money held |
| `receivable:<fund>` | asset | charged to members and not yet paid, for each fund |
| `obligations:<what>` | liability | charged for the State (`contributions`, `dependants`), or `fees` |
| `obligations:late_charges` | liability | billed by the State for paying late |
| `members:credit` | liability | paid by members and not yet used: theirs |
| `members:state_credits` | liability | credited by the State, or billed less than was collected: theirs |
| `suspense` | liability | money that matches nobody yet |
| `transit:remittances` | asset | a remittance that comes back and is not on the bank account yet |
| `mutual:shortfall` | asset | billed beyond what members owe: the mutual's to bear, nought once it has |
| `mutual:own:<name>` | liability | the mutual's own money among client money, under a name |
| `mutual:advanced` | liability | own money that stands in for what members on a payroll have not paid |

Before a notice is paid, its shortfall and what members have not paid of it move out of an account of the
mutual's own. So what remains on `bank` and `cash` never falls below what is owed to members.
"""

MEMBERS_CREDIT = "members:credit"
SUSPENSE = "suspense"
STATE_CREDITS = "members:state_credits"
SHORTFALL = "mutual:shortfall"
ADVANCED = "mutual:advanced"
RETURNING = "transit:remittances"


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
    """What is owed onwards for members: `contributions`, `dependants`, `late_charges`, and `fees`."""
    return f"obligations:{what}"


def own(name: str) -> str:
    """The mutual's own money that stands among client money under a name."""
    return f"mutual:own:{name}"
