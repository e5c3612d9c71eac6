"""Proof, on a running system, of what must always hold. Reads the databases; imports no service.

Each invariant is a handful of checks; a check counts what it looked at and lists the rows that offend.
Whatever is younger than the way of an event from one part to another is pending, not wrong.
"""
