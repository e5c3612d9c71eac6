"""What must hold of a member, without a database: ages, dates, the wage floor."""

from datetime import date

from services.kit.money import Money
from services.registry.dependants import ensure_kind_fits
from services.registry.members.problems import ImplausibleDate, OtherCurrency, WageBelowFloor
from services.registry.members.schemas import MemberIn, MemberPatch

AGE_MIN = 14
"""Nobody younger may work (Código de Trabajo, art. 245)."""
AGE_MAX = 120


def age_on(birth_date: date, on: date) -> int:
    """Whole years lived."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def is_working_age(birth_date: date, today: date) -> bool:
    """Whether a member may have been born on this day."""
    return AGE_MIN <= age_on(birth_date, today) <= AGE_MAX


def ensure_may_work(birth_date: date, today: date) -> None:
    """Raises ImplausibleDate for a member who would be younger than 14 or older than 120."""
    if not is_working_age(birth_date, today):
        raise ImplausibleDate(
            f"birth_date: a member is between {AGE_MIN} and {AGE_MAX} years old.", field="birth_date"
        )


def ensure_was_born(birth_date: date, today: date) -> None:
    """Raises ImplausibleDate for a dependant born in the future or more than 120 years ago."""
    if birth_date > today or age_on(birth_date, today) > AGE_MAX:
        raise ImplausibleDate(
            f"birth_date: {birth_date} is no date of birth of somebody alive.", field="birth_date"
        )


def ensure_plausible(given: MemberIn | MemberPatch, today: date) -> None:
    """Refuse dates that cannot be, and dependants of the wrong kind.

    Raises ImplausibleDate, RelationOfOtherKind.
    """
    if given.birth_date is not None:
        ensure_may_work(given.birth_date, today)
    if given.mandate is not None:
        ensure_has_come("mandate.signed_on", given.mandate.signed_on, today)
    if given.consent is not None:
        ensure_has_come("consent.given_on", given.consent.given_on, today)
    for dependant in given.dependants if isinstance(given, MemberIn) else ():
        ensure_was_born(dependant.birth_date, today)
        ensure_kind_fits(dependant.relation, dependant.kind)


def ensure_has_come(field: str, on: date, today: date) -> None:
    """Raises ImplausibleDate for something that was signed in the future."""
    if on > today:
        raise ImplausibleDate(f"{field}: {on} lies in the future.", field=field)


def ensure_wage_permitted(wage: Money, floor: Money | None) -> None:
    """Raises OtherCurrency, WageBelowFloor. Without an authorisation in force there is no floor yet."""
    if floor is None:
        return
    if wage.currency != floor.currency:
        raise OtherCurrency(f"Declare the wage in {floor.currency}.", field="declared_wage")
    if wage.minor < floor.minor:
        raise WageBelowFloor(f"The least that may be declared is {floor}.", field="declared_wage")
