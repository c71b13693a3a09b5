"""Which test of test/safety runs which line of noetra_ros/safety, and for how long: for mutate_safety.py.

noetra-env python tools/covering_tests.py --json out/covering_tests.json
"""

from __future__ import annotations

import argparse
import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import coverage
import pytest

ROOT = Path(__file__).resolve().parents[1]
SAFETY = ROOT / "noetra_ros" / "safety"
TESTS = (
    "test/safety",
    "test/evaluation/fuzz/test_campaign.py::test_the_oracle_finds_nothing",
)


class Watch:
    """Pytest plugin: one coverage context for each test, and its duration."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured
        self.took_s: dict[str, float] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A test begins, its fixtures included."""
        self._measured.switch_context(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A part of a test has ended."""
        self.took_s[report.nodeid] = self.took_s.get(report.nodeid, 0.0) + report.duration


def covering() -> dict[str, Any]:
    """Runs the tests; gives their durations, shortest first, and by file and line the numbers of those that
    ran it.

    Raises:
        RuntimeError: a test fails.
    """
    measured = coverage.Coverage(data_file=None, source=[str(SAFETY)], concurrency="thread")
    watch = Watch(measured)
    measured.start()
    code = pytest.main(["-q", "-p", "no:cacheprovider", *(str(ROOT / test) for test in TESTS)], [watch])
    measured.stop()
    if code != 0:
        raise RuntimeError(f"the tests ended with {int(code)}, expected 0: nothing can be measured")
    names = sorted(watch.took_s, key=lambda name: watch.took_s[name])
    number_of = {name: number for number, name in enumerate(names)}
    data = measured.get_data()
    lines: dict[str, dict[int, list[int]]] = defaultdict(dict)
    for path in sorted(data.measured_files()):
        for line, contexts in data.contexts_by_lineno(path).items():
            numbers = sorted(number_of[name] for name in contexts if name in number_of)
            lines[str(Path(path).relative_to(ROOT))][line] = numbers
    return {"tests": [[name, round(watch.took_s[name], 3)] for name in names], "lines": lines}


def main() -> int:
    """Entry point."""
    os.environ["NOETRA_KERNEL"] = "python"  # coverage sees no line of machine code
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, default=ROOT / "out" / "covering_tests.json")
    given = parser.parse_args()
    found = covering()
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(found) + "\n", encoding="utf-8")
    print(f"{len(found['tests'])} tests, {len(found['lines'])} files: {given.json}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
