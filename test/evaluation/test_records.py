"""The JSON of an evaluation holds the promised fields, counts right and is valid JSON even of nothing."""

import json
import math

import pytest

from noetra_ros.evaluation.records import (
    EpisodeRecord,
    EvaluationResult,
    SafetyEventRecord,
    as_json,
    summarise,
    write_json,
)
from noetra_ros.evaluation.violations import Violation, ViolationKind

PROMISED = [
    *("policy", "robot", "time_mode", "task", "episodes", "successes", "success_rate", "wilson_low"),
    *("wilson_high", "wrong_object", "seconds_per_episode", "real_time_factor", "limit_violations"),
    *("commands_after_stop", "safety_events", "records"),
]


def record(index=0, **changes):
    fields = {
        "index": index,
        "seed": index,
        "task": "pick",
        "instruction": "pick up the red cube",
        "wording": "train",
        "success": True,
        "wrong_object": False,
        "end_reason": "success",
        "duration_s": 4.0,
        "wall_s": 2.0,
        "real_time_factor": 2.0,
    }
    return EpisodeRecord(**{**fields, **changes})


def result(*records):
    return EvaluationResult("hold", "so101", "lock_step", "pick", 0, "eval", "mixed", "a machine", records)


def test_promised_fields_are_there_even_without_an_episode():
    document = as_json(result())
    assert [name for name in PROMISED if name not in document] == []
    assert document["success_rate"] is None


def test_summary_counts():
    event = SafetyEventRecord(0.1, "velocity", "clamp", "gripper", 2.6, 2.5, "rad/s", "too fast", "active", 3)
    records = [
        record(0, safety_events=(event,), limit_violations=1, commands_after_stop=2),
        record(1, success=False, wrong_object=True, duration_s=6.0, contact_impacts=1),
    ]
    summary = summarise(records)
    assert (summary.episodes, summary.successes, summary.wrong_object) == (2, 1, 1)
    assert (summary.limit_violations, summary.commands_after_stop, summary.contact_impacts) == (1, 2, 1)
    assert summary.safety_events == 3
    assert summary.safety_events_by_check == {"velocity:clamp": 3}
    assert summary.seconds_per_episode == 5.0
    assert summary.wilson_low == pytest.approx(0.0945, abs=1e-4)


def test_wordings_are_reported_apart():
    document = as_json(result(record(0), record(1, wording="heldout", success=False)))
    assert document["by_wording"]["train"]["success_rate"] == 1.0
    assert document["by_wording"]["heldout"]["success_rate"] == 0.0
    assert document["by_task_and_wording"]["pick"]["heldout"]["episodes"] == 1


def test_written_file_is_strict_json(tmp_path):
    violation = Violation(ViolationKind.VELOCITY, "gripper", 1.0, 0.1, math.nan, 2.5, "rad/s")
    path = tmp_path / "deep" / "f.json"
    write_json(as_json(result(record(violations=(violation,)))), path)
    read = json.loads(path.read_text(), parse_constant=lambda word: pytest.fail(f"{word} in JSON"))
    assert read["records"][0]["violations"][0] == {
        "kind": "velocity",
        "axis": "gripper",
        "start_s": 1.0,
        "duration_s": 0.1,
        "measured": None,
        "limit": 2.5,
        "unit": "rad/s",
    }
    assert list(path.parent.iterdir()) == [path]
