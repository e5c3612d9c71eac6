"""Systems that call the API with credentials of their own (OAuth 2.0 client credentials).

An agency's client carries its agency. The parts of Amparo are clients too, `service-<part>`, with
secrets from the environment. Adding a client over HTTP needs a second person; on the host's console
it does not, and the audit says so.
"""

from gateway.identity.clients.service import NewClient, add, ensure_service_clients

__all__ = ["NewClient", "add", "ensure_service_clients"]
