"""After a month everything holds, and each check has looked at something."""

import io
from collections.abc import Mapping

from rich.console import Console

from deploy.databases import Database
from deploy.verify import report
from tests.deploy.verify.mutual import SECRET_KEY

IDLE = {
    "whoever is no longer covered was told",
    "a ledger row of benefits is reversed once, by its mirror",
    "the seals over gateway.audit_log are unbroken",
}
"""Checks of what did not happen in this month: no remittance came back, nobody signed in."""


def test_after_a_month_everything_holds_and_every_check_has_looked_at_something(
    month: Mapping[str, Database],
) -> None:
    findings = report.verify({part: one.owner_url for part, one in month.items()}, secret_key=SECRET_KEY)
    assert [(one.title, one.offending) for one in findings if not one.holds] == []
    assert {one.title for one in findings if one.checked == 0} == IDLE
    assert {one.invariant for one in findings} == set(report.INVARIANTS)
    assert sum(one.pending for one in findings) == 0
    assert report.show(findings, Console(file=io.StringIO()))
