"""Masked forms for whom the whole is none of their business: enough to recognise, too little to use.

The number of dots tells nothing of what they hide.
"""

DOTS = "••••"


def mask_document(number: str) -> str:
    """The last three characters: `••••205`; of a very short one nothing."""
    return DOTS + (number[-3:] if len(number) > 6 else "")


def mask_phone(phone: str) -> str:
    """The last three digits: `••••134`."""
    return DOTS + (phone[-3:] if len(phone) > 6 else "")


def mask_name(name: str) -> str:
    """The initials: `María Altagracia` is `M•••• A••••`."""
    return " ".join(word[0] + DOTS for word in name.split())
