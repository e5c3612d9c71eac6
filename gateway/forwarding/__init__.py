"""The way to the services: which request goes where, and how it gets there and back.

Everything is streamed, both ways; nothing is changed but the headers that belong to one connection.
Only what `routes` names goes through: never a service's `/internal/…`.
"""

from gateway.forwarding.forwarder import Forwarder
from gateway.forwarding.pool import Pool

__all__ = ["Forwarder", "Pool"]
