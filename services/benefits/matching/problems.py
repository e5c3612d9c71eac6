"""Why an item cannot be matched by hand."""

from services.kit.problems import NotFound, Problem


class NoSuchItem(NotFound):
    """There is no such item."""


class UnknownMember(NotFound):
    """No such member is known here."""


class NotInQuarantine(Problem):
    """The item does not wait in quarantine."""


class CaseDisagrees(Problem):
    """The agency's case number stands for another member or another benefit."""


WHEN_MATCHING = (NoSuchItem, UnknownMember, NotInQuarantine, CaseDisagrees)
