"""What an order needs, and which of the bank's answers can be true."""

from services.benefits.bank_orders.files import Party
from services.benefits.bank_orders.models import Outcome
from services.benefits.bank_orders.problems import NoDebtorAccount
from services.benefits.payouts import Payout, State
from services.benefits.settings import Settings

LINES_MAX = 10_000
"""Banks take files of about so many lines; more make another order."""

_ALLOWED = {
    (State.ORDERED, Outcome.PAID): State.PAID,
    (State.ORDERED, Outcome.FAILED): State.FAILED,
    (State.PAID, Outcome.RETURNED): State.FAILED,
}


def reference_of(payout: Payout) -> str:
    """A line's reference at the bank, of 34 or 35 characters: another for each attempt."""
    return f"{payout.id.hex}-{payout.attempt}"


def debtor(settings: Settings) -> Party:
    """The mutual as its bank knows it. Raises NoDebtorAccount."""
    if settings.debtor_account is None or not settings.debtor_name or not settings.debtor_bic:
        raise NoDebtorAccount(
            "Set AMPARO_BENEFITS_DEBTOR_NAME, AMPARO_BENEFITS_DEBTOR_ACCOUNT and AMPARO_BENEFITS_DEBTOR_BIC."
        )
    return Party(settings.debtor_name, settings.debtor_account.get_secret_value(), settings.debtor_bic)


def after(state: str, outcome: Outcome) -> State | None:
    """The state of a payout after the bank's answer; None if that cannot be."""
    return _ALLOWED.get((State(state), outcome))
