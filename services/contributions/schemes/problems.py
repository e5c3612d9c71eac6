"""What can be refused when a scheme is asked for a charge."""

from datetime import date

from services.kit.money import Money
from services.kit.problems import Problem


class SchemeUnknown(Problem):
    """There is no such scheme."""

    status = 404


class ParameterNotInForce(Problem):
    """The scheme holds no figure for that day."""

    status = 422

    def __init__(self, parameter: str, valid_on: date, known_on: date) -> None:
        reason = f"no {parameter} was in force on {valid_on}, as far as was known on {known_on}"
        super().__init__(f"on: {reason}", errors=[{"field": "on", "reason": reason}])


class WageBelowFloor(Problem):
    """The wage lies below the least that may be declared."""

    status = 422

    def __init__(self, wage: Money, floor: Money) -> None:
        reason = f"{wage} is less than {floor}, the least that may be declared"
        super().__init__(f"wage: {reason}", errors=[{"field": "wage", "reason": reason}])
