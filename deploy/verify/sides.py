"""The ledger of contributions, each row seen from both of its accounts: debits positive, credits negative."""

from typing import LiteralString

SIDES: LiteralString = """
    SELECT debit_account AS account, member_id, amount_minor AS minor FROM ledger_entries
    UNION ALL
    SELECT credit_account, member_id, -amount_minor FROM ledger_entries
"""
BALANCES: LiteralString = f"SELECT account, sum(minor) AS minor FROM ({SIDES}) side GROUP BY account"
