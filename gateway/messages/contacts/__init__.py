"""Whom to tell: each member's phone, language and name, as the registry announces them."""

from gateway.messages.contacts.models import Contact
from gateway.messages.contacts.queries import contact, contacts_at

__all__ = ["Contact", "contact", "contacts_at"]
