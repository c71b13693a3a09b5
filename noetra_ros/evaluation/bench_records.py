"""One measured number with its spread, what it is held against, and the machine: a line of the bench."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from noetra_ros.evaluation.machine import describe_machine
from noetra_ros.evaluation.records import write_json
from noetra_ros.evaluation.statistics import percentile


@dataclass(frozen=True)
class BenchRecord:
    """A measured number.

    Attributes:
        name: unique in the report, e.g. ``gate_latency``.
        value: the number that counts, in `unit`.
        unit: SI symbol, ``1`` for ratios.
        p50: median of the sample, in `unit`; NaN = no sample.
        p99: 99th percentile, in `unit`; NaN = no sample.
        n: size of the sample.
        against: what it is held against, in words with its number.
        ratio: value over that number; NaN = nothing to divide by.
        machine: what it was measured on.
    """

    name: str
    value: float
    unit: str
    p50: float
    p99: float
    n: int
    against: str
    ratio: float
    machine: str


def record_of(
    name: str, sample: Sequence[float], unit: str, against: str = "", reference: float = math.nan
) -> BenchRecord:
    """A record whose value is the median of a sample.

    Args:
        name: unique in the report.
        sample: measured values, in `unit`, at least one.
        unit: SI symbol.
        against: what `reference` is.
        reference: number that the median is divided by, in `unit`.

    Raises:
        ValueError: an empty sample: nothing was measured.
    """
    if not len(sample):
        raise ValueError(f"bench {name}: nothing was measured")
    median = percentile(sample, 50)
    ratio = median / reference if reference else math.nan
    p99 = percentile(sample, 99)
    return BenchRecord(name, median, unit, median, p99, len(sample), against, ratio, describe_machine())


def write_bench(records: Sequence[BenchRecord], path: Path) -> None:
    """Write the report; records of the same name in an older report are replaced, others stay."""
    names = {record.name for record in records}
    kept = [record for record in _older(path) if record["name"] not in names]
    write_json([*kept, *records], path)


def _older(path: Path) -> list[dict[str, object]]:
    if not path.is_file():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return []  # a broken report is written anew
    return [r for r in content if isinstance(r, dict) and "name" in r] if isinstance(content, list) else []
