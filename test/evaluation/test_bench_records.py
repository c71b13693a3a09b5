"""Bench records hold the promised fields; a partial run keeps the other records of the report."""

import json
import math

import pytest

from noetra_ros.evaluation.bench_records import record_of, write_bench

FIELDS = ["name", "value", "unit", "p50", "p99", "n", "against", "ratio", "machine"]


def test_record_of_a_sample():
    record = record_of("gate", [1.0, 2.0, 3.0], "ms", "a relay, 4 ms", 4.0)
    assert (record.value, record.p50, record.n, record.ratio) == (2.0, 2.0, 3, 0.5)
    assert record.p99 == pytest.approx(2.98)
    assert record.machine


def test_without_reference_there_is_no_ratio():
    assert math.isnan(record_of("gate", [1.0], "ms").ratio)


def test_nothing_measured_is_an_error():
    with pytest.raises(ValueError, match="gate: nothing was measured"):
        record_of("gate", [], "ms")


def test_report_replaces_by_name_and_keeps_the_rest(tmp_path):
    path = tmp_path / "report.json"
    write_bench([record_of("a", [1.0], "s"), record_of("b", [2.0], "s")], path)
    write_bench([record_of("b", [5.0], "s")], path)
    report = json.loads(path.read_text())
    assert [(r["name"], r["value"]) for r in report] == [("a", 1.0), ("b", 5.0)]
    assert list(report[0]) == FIELDS
