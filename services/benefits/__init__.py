"""Money from the State to members: announced by an agency, matched, released by two people, paid, told.

Owns cases, disbursements with their items, what funds them, payouts, and the ledger of money through.
It asks nothing of others: members and organisations come as announcements of `registry`, the bank
lines that fund a disbursement as announcements of `contributions`.

Its words: a *disbursement* is what one agency sends at once; its *items* are lines for one person
each; an item that is matched to a member and a case becomes a *payout*; what matches nobody waits in
*quarantine*. Benefit money never touches contribution accounts, is never netted against arrears, and
is never released unmatched. What illness a benefit is for appears in no event and in no log.
"""
