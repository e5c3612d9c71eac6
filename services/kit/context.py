"""What travels with a request through threads, HTTP and events: its id, and where it came from."""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request or event being served; goes into logs, audit rows, events and calls."""

origin: ContextVar[str | None] = ContextVar("origin", default=None)
"""The network address that the request came from, for the audit."""
