"""`python -m tests.bench [--quick] [--only NAME …] [--json PATH]`."""

import argparse
import os
import tempfile
from pathlib import Path

from rich.console import Console

from tests.bench.figures import Figures
from tests.bench.server import server

SURROUNDINGS = {
    "AMPARO_NATS_URL": "nats://nobody@127.0.0.1:1",
    "AMPARO_SECRET_KEY": "YmVuY2gtb25seS1iZW5jaC1vbmx5LWJlbmNoLW9ubHk=",
    "AMPARO_SANDBOX": "1",
    "AMPARO_CONTRIBUTIONS_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "AMPARO_CONTRIBUTIONS_CLIENT_SECRET": "of-the-bench",
}


def main() -> None:
    """Measure everything, print the table, write bench.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, for trying the bench itself")
    parser.add_argument("--only", action="append", help="charging, payments, payroll, events, gateway, up")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    given = parser.parse_args()
    os.environ.update(SURROUNDINGS)
    from tests.bench import charging, payments
    from tests.bench.system import running

    wanted = given.only or ["charging", "payments"]
    console = Console(highlight=False, soft_wrap=True)
    figures = Figures(console)
    with tempfile.TemporaryDirectory(prefix="amparo-bench-") as directory, server(Path(directory)) as one:
        console.print(", ".join(f"{name} {value}" for name, value in one.settings().items()), markup=False)
        if "charging" in wanted:
            charging.measure(one, figures, [2_000, 20_000] if given.quick else [10_000, 100_000, 1_000_000])
        if "payments" in wanted:
            members, count = (5_000, 2_000) if given.quick else (100_000, 30_000)
            with running(one, Path(directory) / "system") as system:
                payments.measure(one, system, figures, members=members, payments=count)
    console.print(figures.table())
    figures.write(given.json)


if __name__ == "__main__":
    main()
