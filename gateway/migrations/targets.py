"""Every module with tables of the gateway, so that they stand on its metadata."""

import gateway.identity.clients.models
import gateway.identity.keys.models
import gateway.identity.sessions.models
import gateway.identity.staff.models
import gateway.identity.tokens.models
import gateway.messages.contacts.models
import gateway.messages.inbound.models
import gateway.messages.models
import gateway.webhooks.subscriptions.models  # noqa: F401
from gateway.db import tables

TARGETS = [tables.metadata]
