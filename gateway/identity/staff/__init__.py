"""The people who work at the mutual: who they are, their roles, and how they prove it is them.

Adding a person gives them nothing; each role needs a second person. Taking away (a role, the way
in) needs one person only and holds at once. Whoever holds the host's console may do all of it
alone, and the audit says so.
"""
