import json

import pytest

from noetra_ros.safety.audit import AuditLog, verify

RECORDS = [
    {"kind": "mode", "before": "STANDBY", "after": "ACTIVE"},
    {"kind": "event", "check": "finite"},
    {"kind": "x"},
]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "audit" / "log.jsonl"
    log = AuditLog(path)
    for record in RECORDS:
        log.append(record)
    log.close()
    return path


def test_an_untouched_log_is_whole(path):
    assert verify(path) is None
    assert [json.loads(line)["kind"] for line in path.read_text().splitlines()] == ["mode", "event", "x"]


def test_an_empty_log_is_whole(tmp_path):
    AuditLog(tmp_path / "log.jsonl").close()
    assert verify(tmp_path / "log.jsonl") is None


def test_a_changed_record_shows(path):
    path.write_text(path.read_text().replace("finite", "jerk"))
    fault = verify(path)
    assert (fault.line, fault.reason) == (2, "content and hash differ")


def test_a_removed_record_shows(path):
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0] + lines[2])
    assert verify(path).line == 2


def test_reordered_records_show(path):
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[1] + lines[0] + lines[2])
    assert verify(path).line == 1


@pytest.mark.parametrize("rubbish", ["no json\n", "[1]\n", "{}\n", "3\n"])
def test_rubbish_shows(path, rubbish):
    path.write_text(path.read_text() + rubbish)
    assert verify(path).line == 4


def test_a_log_is_gone_on_with(path):
    log = AuditLog(path)
    log.append({"kind": "later"})
    log.close()
    assert verify(path) is None
    assert json.loads(path.read_text().splitlines()[3])["sequence"] == 3


def test_a_broken_log_is_not_gone_on_with(path):
    path.write_text(path.read_text().replace("finite", "jerk"))
    with pytest.raises(ValueError, match="line 2: content and hash differ; move the file away"):
        AuditLog(path)


def test_nan_is_refused(path):
    log = AuditLog(path)
    with pytest.raises(ValueError, match="JSON compliant"):
        log.append({"measured": float("nan")})
    log.close()
    assert verify(path) is None
