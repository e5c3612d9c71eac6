"""Every kind of request here that needs a second person."""

from gateway.identity.clients import grants as clients
from gateway.identity.staff import grants as staff

KINDS = (*staff.KINDS, *clients.KINDS)
