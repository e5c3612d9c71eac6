"""The chart of accounts of money through. None of them exists in contributions.

| Account | Kind | What stands on it |
|---|---|---|
| `bank` | asset | benefit money at the bank |
| `cash` | asset | benefit money at the counters; negative: paid out, not yet drawn from the bank |
| `unassigned` | liability | arrived, and no announced disbursement claims it yet |
| `unmatched` | liability | of a disbursement, for items that are no payout yet |
| `owed-to-members` | liability | matched to a member and a case: theirs |
| `in-transit` | liability | released by two people, not yet confirmed as paid |
| `returned` | liability | owed back to the State |

Kinds of movement, each with its `source_id`: `funds_received` (the funding), `funds_assigned` (the
disbursement), `payout_matched`, `payout_released`, `payout_paid`, `payout_failed`, `payout_bounced`,
`payout_returned` (the payout), `item_returned` (the item), `return_sent` (the return). So for each
disbursement `received = relayed + returned + waiting`, where received is what was assigned to it, relayed
is paid less bounced, and returned is what went to `returned`.
"""

BANK = "bank"
CASH = "cash"
UNASSIGNED = "unassigned"
UNMATCHED = "unmatched"
OWED_TO_MEMBERS = "owed-to-members"
IN_TRANSIT = "in-transit"
RETURNED = "returned"
