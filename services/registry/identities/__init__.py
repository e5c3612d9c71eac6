"""Who somebody is on paper: documents, phones and names, normalised and checked. Pure rules.

Nothing here asks a database or refuses for its own sake: a reading either gives the normal form or
raises `Unreadable` with the reason; a check digit that fails is a doubt that a person may override.
"""

from services.registry.identities.documents import (
    Document,
    DocumentType,
    employer_number,
    read_document,
)
from services.registry.identities.masks import mask_document, mask_name, mask_phone
from services.registry.identities.names import name_keys, read_name
from services.registry.identities.phones import read_phone
from services.registry.identities.texts import Unreadable, plain

__all__ = [
    "Document",
    "DocumentType",
    "Unreadable",
    "employer_number",
    "mask_document",
    "mask_name",
    "mask_phone",
    "name_keys",
    "plain",
    "read_document",
    "read_name",
    "read_phone",
]
