"""The registry: who belongs. Members with their documents and families, the organisations through which
they join, and the State's authorisation that lets the mutual stand in as their employer.

It owns a member's state from applicant to out, asks nothing of other parts, and holds no money.

Words: a *member* contributes; a *dependant* is covered with a member; a *mandate* lets the mutual act for
a member; a *verification* is the second person's; a *roster* is an organisation's list of members.
"""
