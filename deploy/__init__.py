"""Putting it together: the `amparo` command, the embedded engines, the sandbox.

Nothing here is needed by a service in production, and nothing imports it.
"""
