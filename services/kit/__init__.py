"""The shared kernel: what every part does the same way, and not one word of the trade.

Each module is small and is called, not inherited from (but for `Table`, `Event` and `Problem`).
The kit imports no service. Its tables (outbox, inbox, keys, audit, approvals …) stand in each
part's own database.
"""
