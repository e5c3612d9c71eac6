"""The templates of SMS. English stands here, Spanish in the catalogue `sms` (`gateway/locale`).

    pybabel extract -k N_ -o /tmp/sms.pot gateway/messages/wording
    pybabel update -i /tmp/sms.pot -D sms -d gateway/locale --no-fuzzy-matching

A template's name never changes its meaning: messages that were made keep it. A text names no illness
and no document, says who speaks, and fits one part (160 septets) with ordinary values. An essential
one goes also to who asked for no more messages: it is how a member controls us.
"""

from collections.abc import Mapping
from dataclasses import dataclass


def N_(message: str) -> str:
    """Mark a text for the catalogue; it is translated where it is rendered."""
    return message


@dataclass(frozen=True, slots=True)
class Template:
    """One thing that members are told."""

    name: str
    text: str
    is_essential: bool = True


_ALL = (
    Template(
        "welcome",
        N_(
            "%(mutual)s: welcome, %(name)s. Your member number is %(number)s: give it whenever you pay."
            " Reply STOP for fewer messages."
        ),
        is_essential=False,
    ),
    Template(
        "charged",
        N_(
            "%(mutual)s: your contribution for %(month)s is %(amount)s, due %(due_on)s. Pay your collector,"
            " at our office, or at the bank with number %(number)s."
        ),
        is_essential=False,
    ),
    Template(
        "charged_from_credit",
        N_(
            "%(mutual)s: your contribution for %(month)s is %(amount)s. It was paid from your credit:"
            " you have nothing to pay."
        ),
        is_essential=False,
    ),
    Template(
        "receipt",
        N_("%(mutual)s: we received %(amount)s from you. Receipt %(receipt_number)s. Check it: %(link)s"),
    ),
    Template(
        "receipt_owing",
        N_(
            "%(mutual)s: we received %(amount)s from you. You still owe %(outstanding)s."
            " Receipt %(receipt_number)s. Check it: %(link)s"
        ),
    ),
    Template(
        "payment_reversed",
        N_(
            "%(mutual)s: your payment of %(amount)s, receipt %(receipt_number)s, was undone by two of our"
            " staff. If you did not expect it, call us."
        ),
    ),
    Template(
        "left_out",
        N_(
            "%(mutual)s: you are not on the payroll of %(month)s: %(reason)s. It gives you no cover,"
            " and you owe no contribution for it. Call us."
        ),
    ),
    Template(
        "covered",
        N_(
            "%(mutual)s: your contribution for %(month)s was paid to the State. You and your family are"
            " covered until %(until)s."
        ),
        is_essential=False,
    ),
    Template(
        "cover_withdrawn",
        N_(
            "%(mutual)s: our payment to the State for %(month)s came back, so your cover does not stand."
            " We are mending it. Call us before you need care."
        ),
    ),
    Template(
        "benefit_received",
        N_(
            "%(mutual)s: the State sent %(amount)s for you. We will tell you when you can have it."
            " Nobody may charge you for it."
        ),
        is_essential=False,
    ),
    Template(
        "payout_ready",
        N_(
            "%(mutual)s: %(amount)s waits for you at our office. Bring your identity document and this"
            " code: %(code)s. Give it to nobody else."
        ),
    ),
    Template(
        "payout_paid_cash",
        N_(
            "%(mutual)s: %(amount)s was paid to you in cash at our office. If it was not you,"
            " call us at once."
        ),
    ),
    Template(
        "payout_paid_bank",
        N_("%(mutual)s: %(amount)s was sent to your bank account. If it does not arrive, call us."),
    ),
    Template(
        "payout_returned",
        N_(
            "%(mutual)s: %(amount)s could not be paid to you and went back to the State. Call us to ask for"
            " it again."
        ),
    ),
    Template(
        "stopped",
        N_(
            "%(mutual)s: you get no more notices, only receipts and what we must tell you."
            " Reply START to have them again."
        ),
    ),
    Template("resumed", N_("%(mutual)s: you get all our notices again. Reply STOP for fewer.")),
)

TEMPLATES: Mapping[str, Template] = {template.name: template for template in _ALL}

REASONS: Mapping[str, str] = {
    "unpaid": N_("it was not paid in full"),
    "paid_late": N_("the money came after the closing date"),
    "not_active": N_("your membership is not active"),
    "no_mandate": N_("your signed mandate is missing"),
    "identity_not_verified": N_("your identity is not verified"),
    "below_floor": N_("your declared income is too low"),
    "duplicate_document": N_("your document is there twice"),
    "unwritable": N_("your data must be corrected"),
}
"""Why a member was left out of a payroll, in plain words, by the code that contributions gives."""
OTHER_REASON = N_("ask us for the reason")
