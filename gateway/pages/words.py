"""The words that pages use for what the services name by a code.

A code that is not listed is shown as it is, with its underscores as spaces: a new state in a service
must never break a page.
"""

from collections.abc import Mapping

from babel.support import NullTranslations


def N_(message: str) -> str:
    """Mark a text for the catalogue; it is translated where it is shown."""
    return message


WORDS: Mapping[str, Mapping[str, str]] = {
    "role": {
        "promoter": N_("Promoter"),
        "cashier": N_("Cashier"),
        "collector": N_("Collector"),
        "accountant": N_("Accountant"),
        "benefits_officer": N_("Benefits officer"),
        "auditor": N_("Auditor"),
        "administrator": N_("Administrator"),
        "head": N_("Head of organisation"),
    },
    "member_state": {
        "applicant": N_("Applicant"),
        "verified": N_("Verified"),
        "active": N_("Active"),
        "at_risk": N_("At risk"),
        "notified": N_("Notified"),
        "exiting": N_("Leaving"),
        "tail": N_("60-day tail"),
        "out": N_("Out"),
    },
    "relation": {
        "spouse": N_("Spouse"),
        "partner": N_("Partner"),
        "child": N_("Child"),
        "parent": N_("Parent"),
        "parent_in_law": N_("Parent-in-law"),
        "other": N_("Relative"),
    },
    "dependant_kind": {"direct": N_("Direct"), "additional": N_("Additional")},
    "document": {
        "C": N_("Cédula"),
        "N": N_("NSS"),
        "P": N_("Passport"),
        "R": N_("Residence permit"),
        "U": N_("UNHCR number"),
        "O": N_("Other document"),
    },
    "benefit": {
        "common_illness": N_("Common illness"),
        "maternity": N_("Maternity"),
        "work_accident": N_("Work accident"),
        "occupational_disease": N_("Occupational disease"),
        "refund": N_("Refund from the State"),
    },
    "channel": {
        "cash": N_("Cash"),
        "bank": N_("Bank deposit"),
        "bank_order": N_("Bank transfer"),
        "mobile_money": N_("Mobile money"),
        "organisation": N_("Through the organisation"),
    },
    "left_out": {
        "unpaid": N_("Not paid in full"),
        "paid_late": N_("The money came after the cut-off"),
        "not_active": N_("Not an active member"),
        "no_mandate": N_("The signed mandate is missing"),
        "identity_not_verified": N_("The identity is not verified"),
        "below_floor": N_("The declared wage is too low"),
        "duplicate_document": N_("The document is there twice"),
        "unwritable": N_("The data must be corrected"),
        "missing_from_notice": N_("The State did not bill it"),
    },
    "message_template": {
        "welcome": N_("Welcome"),
        "charged": N_("What is due this month"),
        "charged_from_credit": N_("Paid from credit"),
        "receipt": N_("Receipt"),
        "receipt_owing": N_("Receipt"),
        "payment_reversed": N_("Payment reversed"),
        "left_out": N_("Left out of the payroll"),
        "covered": N_("Covered"),
        "cover_withdrawn": N_("Cover withdrawn"),
        "benefit_received": N_("A benefit arrived"),
        "payout_ready": N_("A benefit can be collected"),
        "payout_paid_cash": N_("A benefit was paid"),
        "payout_paid_bank": N_("A benefit was paid"),
        "payout_returned": N_("A benefit went back"),
        "stopped": N_("No more notices"),
        "resumed": N_("Notices again"),
    },
    "message_state": {
        "queued": N_("Waiting to go"),
        "sent": N_("Sent"),
        "delivered": N_("Delivered"),
        "failed": N_("Not delivered"),
        "unknown": N_("Not confirmed"),
    },
    "payout_state": {
        "waiting": N_("Waiting"),
        "matched": N_("Announced, the money has not come"),
        "releasable": N_("Waiting to be released"),
        "released": N_("Ready to collect"),
        "ordered": N_("On its way"),
        "paid": N_("Paid"),
        "failed": N_("Could not be paid"),
        "returned": N_("Returned to the State"),
    },
    "import_mode": {
        "dry_run": N_("Dry run"),
        "good_rows": N_("Good rows go in"),
        "all_or_none": N_("All or none"),
    },
    "approval_kind": {
        "payments.reverse": N_("Reversal of a payment"),
        "remittances.order": N_("Remittance to the State"),
        "declarations.file": N_("Declaration filed with the State"),
        "authorisations.put_in_force": N_("Authorisation put in force"),
        "bank_lines.settle": N_("Settling of a bank line"),
        "disbursements.release": N_("Release of benefit payouts"),
        "payouts.reissue": N_("A failed payout, sent once more"),
        "payouts.return": N_("A payout given back to the State"),
        "fundings.accept": N_("Benefit money accepted from the bank"),
        "members.leave": N_("A member leaves"),
        "notices.explain": N_("Explanation of a difference in a payment notice"),
        "periods.close": N_("Closing of a month"),
        "remittances.return": N_("A remittance that came back"),
        "payout_accounts.change": N_("Change of a payout account"),
        "staff.grant_role": N_("A role for a member of staff"),
        "staff.readmit": N_("A new way in for a member of staff"),
        "clients.add": N_("A system that may sign in"),
    },
}


def word(translations: NullTranslations, kind: str, code: str) -> str:
    """The reader's word for `code` of `kind`: `word(es, "role", "cashier")` is `Cajera o cajero`."""
    listed = WORDS.get(kind, {}).get(code)
    return translations.gettext(listed) if listed else code.replace("_", " ").capitalize()
