"""Money in from members, onwards to the State.

Owns: schemes and their dated parameters, charges, payments, receipts, bank statements, the ledger of
money in, declarations, payment notices, remittances, coverage. Asks the registry, before a filing and
never inside a transaction, who has a mandate; knows members and authorisations by its projections.

Its words: a *charge* is what the mutual asks of a member for a period; a *due* is what is still owed of
it to one fund; a *payment* settles dues and leaves *credit*; a *declaration* is the payroll of a period;
a *payment notice* the State's bill for it; a *remittance* pays that; *coverage* follows.
"""
