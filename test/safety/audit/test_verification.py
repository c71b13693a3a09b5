"""What is told of a log that is not whole, by files that are made by hand: which file and line, and why."""

import pytest

from noetra_ros.safety.audit.checkpoints import HEAD_FILE
from noetra_ros.safety.audit.keys import SigningKey
from noetra_ros.safety.audit.lines import FIRST_LINK, write_line
from noetra_ros.safety.audit.log import AuditLog
from noetra_ros.safety.audit.segments import segment_path
from noetra_ros.safety.audit.verification import AuditFault, AuditVerdict, verify


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return SigningKey.load_or_make(tmp_path_factory.mktemp("key") / "key.pem")


def empty(folder, *numbers):
    for number in numbers:
        segment_path(folder, number).write_bytes(b"")
    return folder


@pytest.mark.parametrize(
    ("numbers", "missing"), [((1, 2, 4), 3), ((1, 4), 2), ((1, 2, 3, 6, 9), 4), ((5, 7), 6), ((5, 6, 9), 7)]
)
def test_a_file_that_was_taken_out_is_named(tmp_path, key, numbers, missing):
    fault = verify(empty(tmp_path, *numbers), key.public).fault
    first = segment_path(tmp_path, numbers[0]).name
    reason = f"segment {missing} between it and the last is missing"
    assert fault == AuditFault(first, 0, reason) and str(fault) == f"{first}: {reason}"


@pytest.mark.parametrize("numbers", [(3,), (3, 4)])
def test_a_beginning_that_is_gone_is_told(tmp_path, key, numbers):
    fault = verify(empty(tmp_path, *numbers), key.public).fault
    assert fault.reason.startswith("the log begins with segment 3, and no signed record") and fault.line == 0


def test_an_empty_log_is_whole(tmp_path, key):
    assert verify(tmp_path, key.public) == AuditVerdict(None, 0, 0, 0, False) == AuditVerdict(None)
    assert verify(empty(tmp_path, 1, 2), key.public).fault is None


def test_records_without_what_signs_their_end_are_told(tmp_path, key):
    empty(tmp_path, 1)
    segment_path(tmp_path, 2).write_bytes(write_line(0, FIRST_LINK, {"kind": "mode"})[0])
    assert verify(tmp_path, key.public).fault == AuditFault(HEAD_FILE, 0, "missing, and the log has records")


def test_a_signed_end_of_no_log_is_told(tmp_path, key):
    log = AuditLog(tmp_path, key, 184)
    log.append({"kind": "mode"})
    log.close()
    whole = verify(tmp_path, key.public)
    assert whole.fault is None and whole.is_ended and whole.unsigned == 0
    path = segment_path(tmp_path, 1)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:1]) + b"{}\n")
    fault = verify(tmp_path, key.public).fault
    assert (fault.file, fault.line) == (path.name, 2) and str(fault).startswith(
        f"{path.name}, line 2: not a whole"
    )
    path.write_bytes(b"".join(lines[:1]))
    cut = verify(tmp_path, key.public)
    assert (cut.fault.file, cut.fault.line, cut.is_ended) == (path.name, 0, False)
    assert "its end is missing" in cut.fault.reason
    path.unlink()
    assert verify(tmp_path, key.public).fault.file == HEAD_FILE
    (tmp_path / HEAD_FILE).write_bytes(b"{")
    assert (verify(tmp_path, key.public).fault.file, verify(tmp_path, key.public).fault.line) == (
        HEAD_FILE,
        0,
    )
