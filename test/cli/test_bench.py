"""Benchmarks are found by file; a failing one is named, and does not hide the others."""

import json

import pytest
from builtin_interfaces.msg import Time
from noetra_ros.msg import SafetyState
from std_msgs.msg import Header

from noetra_ros.cli.bench import find_benchmarks, load_benchmark
from noetra_ros.cli.main import main
from noetra_ros.core.resources import share_folder

GOOD = '''"""Measures nothing."""
from noetra_ros.evaluation.bench_records import record_of

def run(say):
    say("at it")
    return [record_of("good", [1.0, 3.0], "ms")]
'''
BAD = '''"""Fails."""
from noetra_ros.core.errors import NoetraError

def run(say):
    raise NoetraError("the gate did not answer")
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "good.py").write_text(GOOD)
    (tmp_path / "bench" / "bad.py").write_text(BAD)
    (tmp_path / "bench" / "no_benchmark.py").write_text("x = 1\n")
    monkeypatch.setattr("noetra_ros.cli.bench.share_folder", lambda: tmp_path)
    return tmp_path


def test_a_benchmark_is_a_file_with_run(folder):
    assert list(find_benchmarks(folder / "bench")) == ["bad", "good"]


def test_one_that_fails_is_named_and_the_others_are_reported(folder, capsys):
    report = folder / "out" / "report.json"
    assert main(["bench", "--json", str(report)]) == 1
    assert [r["name"] for r in json.loads(report.read_text())] == ["good"]
    printed = capsys.readouterr().out
    assert "the gate did not answer" in printed
    assert "failed: bad" in printed


def test_one_alone(folder):
    assert main(["bench", "--only", "good", "--json", str(folder / "r.json")]) == 0


def test_unknown_name_lists_the_known_ones(folder, capsys):
    assert main(["bench", "--only", "fast"]) == 2
    assert "one of bad, good" in capsys.readouterr().err


def test_installed_without_benchmarks(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("noetra_ros.cli.bench.share_folder", lambda: tmp_path)
    assert main(["bench"]) == 2
    assert "bench/" in capsys.readouterr().err


def test_every_benchmark_of_the_repo_can_be_loaded():
    files = find_benchmarks(share_folder() / "bench")
    assert {"gate_latency", "stop_time", "camera_frames"} <= set(files)
    for path in files.values():
        assert callable(load_benchmark(path).run)


class Rig:
    """What `short_timeout` looks at: commands in, the mode."""

    def __init__(self):
        self.mode, self.safety, self.sent_ns = "active", None, 0

    def hear(self, sent_ms, on_its_way_ms=0.3):
        self.sent_ns = round(sent_ms * 1e6)
        self.on_in(None, round((sent_ms + on_its_way_ms) * 1e6))

    def tell(self, mode, decided_ms):
        stamp = Time(nanosec=round(decided_ms * 1e6))
        self.mode = mode
        self.on_safety(SafetyState(header=Header(stamp=stamp)), round((decided_ms + 0.3) * 1e6))


@pytest.mark.parametrize(
    ("sent_ms", "decided_ms", "false"),
    [
        ((0, 10, 20, 30), 35, 1),  # all came
        ((0, 10, 35, 45), 31, 0),  # nothing for 25 ms
        ((0, 10, 35, 45), 35.2, 0),  # the same, decided as the source speaks again
        ((0, 10, 29, 39), 30.5, 1),  # late, but in time
        ((0, 10, 35, 45, 55, 65, 75, 85, 95), 96, 1),  # that silence was long ago
    ],
)
def test_a_stop_is_false_where_the_source_had_sent_in_time(sent_ms, decided_ms, false):
    rig, bench = Rig(), load_benchmark(share_folder() / "bench" / "short_timeout.py")
    watch = bench._Watch(rig)
    rig.tell("active", 0)
    for instant_ms in sent_ms:
        rig.hear(instant_ms)
    rig.tell("protective_stop", decided_ms)
    assert watch.false_stops(1) == false and watch.false_stops(0) == 0


@pytest.fixture
def barrier_filter(monkeypatch):
    """The benchmark, short, on a machine without cbfpy."""
    bench = load_benchmark(share_folder() / "bench" / "barrier_filter.py")
    monkeypatch.setenv(bench.PYTHON_VARIABLE, "/nowhere/python")
    monkeypatch.setattr(bench, "ROUNDS", 1)
    monkeypatch.setattr(bench, "BLOCK", 40)
    return bench


def test_where_cbfpy_is_missing_ours_is_measured_alone(barrier_filter, capsys):
    names = [record.name for record in barrier_filter.run(lambda words: None)]
    assert {"filter_14_joint_limits", "filter_400_planes", "verdict_14_joint_limits"} <= set(names)
    assert [name for name in names if "cbfpy" in name] == []
    assert "/nowhere/python" in capsys.readouterr().err


def test_an_answer_that_is_not_the_nearest_ends_the_comparison(barrier_filter, monkeypatch):
    monkeypatch.setattr(barrier_filter, "nearest", lambda wanted, *rest: 0.999 * wanted)
    with pytest.raises(ValueError, match="off the nearest answer"):
        barrier_filter.run(lambda words: None)
