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
    "AMPARO_CONTRIBUTIONS_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "AMPARO_CONTRIBUTIONS_CLIENT_SECRET": "of-the-bench",
}


ARMS = ["charging", "events", "payments", "up"]
"""Charging goes on to the payroll; payments to what the gateway adds."""


def main() -> None:
    """Measure everything, print the table, write bench.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, for trying the bench itself")
    parser.add_argument("--only", action="append", choices=ARMS)
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    given = parser.parse_args()
    os.environ.update(SURROUNDINGS)
    from tests.bench import charging, events, front, payments, starting
    from tests.bench.system import running

    wanted = given.only or ARMS
    sizes, members = ([2_000, 20_000], 8_000) if given.quick else ([10_000, 100_000, 1_000_000], 100_000)
    console = Console(highlight=False, soft_wrap=True)
    figures = Figures(console)
    with tempfile.TemporaryDirectory(prefix="amparo-bench-") as directory, server(Path(directory)) as one:
        console.print(", ".join(f"{name} {value}" for name, value in one.settings().items()), markup=False)
        home = Path(directory)
        if "charging" in wanted:
            charging.measure(one, figures, sizes=sizes)
        if "events" in wanted:
            events.measure(one, figures, count=5_000 if given.quick else 50_000)
        if "payments" in wanted:
            with running(one, home / "system") as system:
                payments.measure(one, system, figures, members=members, payments=members // 4)
                front.measure(system, figures, count=members // 10)
        if "up" in wanted:
            starting.measure(home / "fresh", figures)
    console.print(figures.table())
    figures.write(given.json)


if __name__ == "__main__":
    main()
