"""The proof on one home's installation, for the command and for the demonstration."""

import os

from rich.console import Console

from deploy import installation
from deploy.home import Home
from deploy.verify import report


def prove(home: Home, console: Console) -> bool:
    """Verify the installation of a home and show what was found; says whether everything holds."""
    with installation.reached(home) as reached:
        # The owner sees everything; where only the runtime role is given, it sees enough.
        urls = {part: database.owner_url or database.url for part, database in reached.databases.items()}
        # Databases that the environment names are of another home: its key is not here.
        is_elsewhere = any(installation.named_database(part) for part in urls)
        kept_here = None if is_elsewhere else reached.home.secret("secret-key")
        secret_key = os.environ.get("AMPARO_SECRET_KEY") or kept_here
        findings = report.verify(urls, secret_key=secret_key)
    return report.show(findings, console)
