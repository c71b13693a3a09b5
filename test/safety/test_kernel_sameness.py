"""Both kernels, Python and machine code of the same sources, give the same to the last bit."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

import pytest
from kernel_process import run

PROBE = Path(__file__).with_name("kernel_probe.py")


def answers(folder: Path, *question: str) -> dict[str, list[str]]:
    """Of both kernels, line by line."""
    runs = {kernel: run([str(PROBE), *question], kernel, folder) for kernel in ("python", "compiled")}
    assert [done.stderr for done in runs.values()] == ["", ""]
    lines = {kernel: done.stdout.splitlines() for kernel, done in runs.items()}
    assert [of.pop(0) for of in lines.values()] == ["Python", "compiled"]
    return lines


def first_difference(lines: dict[str, list[str]]) -> tuple[int, str, str] | None:
    pairs = zip_longest(lines["python"], lines["compiled"], fillvalue="nothing")
    return next(((i, a, b) for i, (a, b) in enumerate(pairs) if a != b), None)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_100000_steps_and_stops_are_the_same_to_the_last_bit(compiled):
    lines = answers(compiled, "numbers", "100000", "1")
    assert first_difference(lines) is None
    assert len(lines["python"]) > 140_000
    refused = [line for line in lines["python"] if line.endswith("Error")]
    assert {*refused} == {"ValueError", "OverflowError"}, "NaN and infinity are refused alike"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whole_supervisors_send_the_same_to_the_last_bit(compiled):
    lines = answers(compiled, "episodes", "40", "2")
    assert first_difference(lines) is None and len(lines["python"]) == 40
    assert sum(int(line.split()[3]) for line in lines["python"]) > 2000, "something was sent"
