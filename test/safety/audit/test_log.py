"""A log that a power cut has torn goes on from its last whole record, and says what was lost."""

import pytest

from noetra_ros.safety.audit.keys import SigningKey
from noetra_ros.safety.audit.lines import record_of
from noetra_ros.safety.audit.log import SEGMENT_BYTES, AuditLog
from noetra_ros.safety.audit.segments import segment_path, segments_of
from noetra_ros.safety.audit.verification import verify


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return SigningKey.load_or_make(tmp_path_factory.mktemp("key") / "key.pem")


def records(folder):
    return [record_of(line) for segment in segments_of(folder) for line in segment.lines()]


def kinds(folder):
    return [record["kind"] for record in records(folder)]


@pytest.mark.parametrize("torn", [b'{"torn', b""])
def test_what_was_torn_off_is_cut_and_told(tmp_path, key, torn):
    log = AuditLog(tmp_path, key, 184)
    log.append({"kind": "mode"})
    log.checkpoint()
    path = segment_path(tmp_path, 1)
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    again = AuditLog(tmp_path, key, 184)
    again.append({"kind": "event"})
    again.close()
    found = records(tmp_path)
    assert path.read_bytes().startswith(whole)
    lost = [record["cut_bytes"] for record in found if record["kind"] == "recovered"]
    assert lost == ([len(torn)] if torn else [])
    assert kinds(tmp_path)[-2:] == ["event", "checkpoint"] and verify(tmp_path, key.public).fault is None


def test_a_log_that_was_ended_goes_on_in_its_numbers(tmp_path, key):
    for _ in range(2):
        log = AuditLog(tmp_path / "deep" / "er", key, 184)
        log.append({"kind": "mode"})
        log.close()
    found = records(tmp_path / "deep" / "er")
    assert len(found) >= 4 and [record["sequence"] for record in found] == list(range(len(found)))
    assert [segment.number for segment in segments_of(tmp_path / "deep" / "er")] == [1]
    assert verify(tmp_path / "deep" / "er", key.public).is_ended


def test_a_file_is_full_at_sixteen_mebibytes():
    assert SEGMENT_BYTES == 16_777_216
