"""The audit log: every change is found, whatever it is; what a power cut tears off costs no signed record."""

import json
import random
import resource
import shutil
from contextlib import contextmanager

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.safety.audit.checkpoints import HEAD_FILE
from noetra_ros.safety.audit.keys import PublicKey, SigningKey
from noetra_ros.safety.audit.lines import record_of, write_line
from noetra_ros.safety.audit.log import AuditLog, BrokenAuditLogError
from noetra_ros.safety.audit.segments import DAY_NS, segments_of
from noetra_ros.safety.audit.verification import verify

RECORDS = [
    {"kind": "mode", "before": "STANDBY", "after": "ACTIVE", "stamp_ns": 5},
    {"kind": "event", "check": "finite", "measured": 1e-05, "limit": None, "reason": "a é b"},
    {"kind": "event", "check": "velocity", "measured": 2.5, "limit": 2.0, "reason": ""},
]


@pytest.fixture(scope="session")
def key(tmp_path_factory):
    return SigningKey.load_or_make(tmp_path_factory.mktemp("key") / "deep" / "key.pem")


class Clock:
    """A wall clock that a test sets."""

    def __init__(self):
        self.ns = 1_790_000_000 * 10**9

    def __call__(self):
        self.ns += 1_000_000
        return self.ns


def filled(folder, key, count=3, **options):
    log = AuditLog(folder, key, 184, **options)
    for number in range(count):
        log.append(RECORDS[number % len(RECORDS)])
    log.close()
    return folder


@pytest.fixture
def folder(tmp_path, key):
    return filled(tmp_path / "audit", key)


def file_of(folder):
    (segment,) = segments_of(folder)
    return segment.path


def test_an_untouched_log_is_whole(folder, key):
    verdict = verify(folder, key.public)
    assert (verdict.fault, verdict.records, verdict.checkpoints, verdict.unsigned) == (None, 5, 2, 0)
    assert verdict.is_ended
    kinds = [record_of(line)["kind"] for line in segments_of(folder)[0].lines()]
    assert kinds == ["checkpoint", "mode", "event", "event", "checkpoint"]


def test_every_flipped_bit_is_found(tmp_path, key):
    folder = filled(tmp_path / "audit", key, 2)
    for path in (file_of(folder), folder / HEAD_FILE):
        whole = path.read_bytes()
        for place in range(len(whole)):
            for bit in range(8):
                changed = bytearray(whole)
                changed[place] ^= 1 << bit
                path.write_bytes(changed)
                assert verify(folder, key.public).fault is not None, f"{path.name}, byte {place}, bit {bit}"
        path.write_bytes(whole)
    assert verify(folder, key.public).fault is None


def test_every_cut_is_found(folder, key):
    for path in (file_of(folder), folder / HEAD_FILE):
        whole = path.read_bytes()
        for length in range(len(whole)):
            path.write_bytes(whole[:length])
            assert verify(folder, key.public).fault is not None, f"{path.name} of {length} bytes"
        path.write_bytes(whole)
    file_of(folder).unlink()
    assert "its end is missing" in str(verify(folder, key.public).fault)


def test_every_removed_repeated_and_exchanged_record_is_found(folder, key):
    path = file_of(folder)
    lines = path.read_bytes().splitlines(keepends=True)
    for i in range(len(lines)):
        for changed in (lines[:i] + lines[i + 1 :], lines[: i + 1] + lines[i:]):
            path.write_bytes(b"".join(changed))
            assert verify(folder, key.public).fault is not None
        for j in range(i):
            swapped = list(lines)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            path.write_bytes(b"".join(swapped))
            assert verify(folder, key.public).fault is not None


def test_a_long_log_with_random_damage(tmp_path, key):
    """400 of the 100 000 that bench/audit_damage.py does."""
    folder = filled(tmp_path / "audit", key, 300)
    path, chance = file_of(folder), random.Random(7)
    whole = path.read_bytes()
    for _ in range(400):
        changed = bytearray(whole)
        place = chance.randrange(len(whole))
        if chance.random() < 0.5:
            changed[place] ^= 1 << chance.randrange(8)
        else:
            del changed[place : place + chance.randint(1, 2000)]
        path.write_bytes(changed)
        assert verify(folder, key.public).fault is not None


def test_somebody_without_the_key_cannot_write_it_anew(folder, key, tmp_path):
    other = SigningKey.load_or_make(tmp_path / "other.pem")
    forged = filled(tmp_path / "forged", other)
    assert other.public.fingerprint != key.public.fingerprint
    assert "not signed by the key" in str(verify(forged, key.public).fault)
    shutil.copy(folder / HEAD_FILE, forged / HEAD_FILE)
    assert f"signed by the key {other.public.fingerprint}" in str(verify(forged, key.public).fault)


def test_records_that_nobody_has_signed_yet_are_told(folder, key):
    path = file_of(folder)
    last = record_of(path.read_bytes().splitlines()[-1])
    line, _ = write_line(last["sequence"] + 1, last["hash"], {"kind": "event"})
    path.write_bytes(path.read_bytes() + line)
    verdict = verify(folder, key.public)
    assert (verdict.fault, verdict.unsigned, verdict.is_ended) == (None, 1, False)


def test_a_log_is_gone_on_with(folder, key):
    filled(folder, key, 2)
    assert verify(folder, key.public).records == 8


def test_a_power_cut_at_any_byte_loses_no_signed_record(tmp_path, key):
    folder = tmp_path / "audit"
    log = AuditLog(folder, key, 184)
    log.append(RECORDS[0])
    log.checkpoint()
    signed = file_of(folder).stat().st_size
    for record in RECORDS:
        log.append(record)
    log.abandon()
    whole = file_of(folder).read_bytes()
    for length in range(signed, len(whole) + 1):
        copy = tmp_path / f"cut_{length}"
        shutil.copytree(folder, copy)
        file_of(copy).write_bytes(whole[:length] + b"\0" * (length % 3))  # some file systems leave zeros
        again = AuditLog(copy, key, 184)
        again.append({"kind": "later"})
        again.close()
        assert verify(copy, key.public).fault is None
        kinds = [record_of(line)["kind"] for line in segments_of(copy)[0].lines()]
        assert kinds[:3] == ["checkpoint", "mode", "checkpoint"] and "later" in kinds
        is_torn = not whole[:length].endswith(b"\n") or length % 3
        assert ("recovered" in kinds) == bool(is_torn)


@pytest.mark.parametrize("damage", ["changed", "cut", "head gone"])
def test_a_log_with_missing_evidence_is_not_written_on(folder, key, damage):
    path = file_of(folder)
    if damage == "changed":
        path.write_text(path.read_text().replace("finite", "finish"))
    elif damage == "cut":
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    else:
        (folder / HEAD_FILE).unlink()
    before = path.read_bytes()
    with pytest.raises(BrokenAuditLogError, match="move the folder away"):
        AuditLog(folder, key, 184)
    assert path.read_bytes() == before


def test_files_follow_each_other_and_go_when_their_time_is_over(tmp_path, key):
    folder, clock = tmp_path / "audit", Clock()
    log = AuditLog(folder, key, 184, utc_ns=clock)
    for _ in range(5):
        log.append(RECORDS[0])
        clock.ns += DAY_NS
        log.checkpoint()
    assert [segment.number for segment in segments_of(folder)] == [1, 2, 3, 4, 5, 6]
    assert verify(folder, key.public).fault is None
    clock.ns += 181 * DAY_NS + DAY_NS // 2
    log.append(RECORDS[1])
    log.checkpoint()
    assert segments_of(folder)[0].number == 3
    log.close()
    verdict = verify(folder, key.public)
    assert verdict.fault is None and verdict.is_ended
    filled(folder, key, 2, utc_ns=clock)
    assert verify(folder, key.public).fault is None
    segments_of(folder)[0].path.unlink()
    assert "no signed record tells that the ones before were retired" in str(verify(folder, key.public).fault)


def test_nobody_without_the_key_can_retire_files(tmp_path, key):
    """Whoever deletes evidence can chain a record on that says it was retired, but cannot sign that."""
    folder = filled(tmp_path / "audit", key, 0, segment_bytes=1)
    first, *_, last = segments_of(folder)
    end = record_of(first.lines()[-1])
    newest = record_of([line for segment in segments_of(folder) for line in segment.lines()][-1])
    told = {
        "kind": "retired",
        "through": 1,
        "last_sequence": end["sequence"],
        "last_hash": end["hash"],
        "kept_days": 184,
    }
    line, _ = write_line(newest["sequence"] + 1, newest["hash"], told)
    last.path.write_bytes(last.path.read_bytes() + line)
    assert verify(folder, key.public).fault is None
    first.path.unlink()
    assert "no signed record tells" in str(verify(folder, key.public).fault)


def test_the_file_that_is_written_to_is_never_retired(tmp_path, key):
    """A machine that was off for years, and whose newest file had just been begun."""
    folder, clock = tmp_path / "audit", Clock()
    log = AuditLog(folder, key, 184, segment_bytes=1, utc_ns=clock)
    log.abandon()
    assert [segment.path.stat().st_size > 0 for segment in segments_of(folder)] == [True, False]
    clock.ns += 400 * DAY_NS
    filled(folder, key, 2, utc_ns=clock)
    verdict = verify(folder, key.public)
    assert verdict.fault is None and verdict.is_ended
    assert segments_of(folder)[0].number == 1


def test_the_key_beside_a_log_is_kept_where_the_log_is_not_ours(folder, key, tmp_path):
    with pytest.raises(BrokenAuditLogError):
        AuditLog(folder, SigningKey.load_or_make(tmp_path / "other.pem"), 184)
    assert PublicKey.read(folder / "public_key.pem").fingerprint == key.public.fingerprint


def test_a_missing_file_in_between_is_found(tmp_path, key):
    folder = filled(tmp_path / "audit", key, 0, segment_bytes=1)
    log = AuditLog(folder, key, 184, segment_bytes=1)
    for _ in range(3):
        log.append(RECORDS[0])
        log.checkpoint()
    log.close()
    assert verify(folder, key.public).fault is None
    segments_of(folder)[1].path.unlink()
    assert "is missing" in str(verify(folder, key.public).fault)


def test_own_keys_and_nan_are_refused(tmp_path, key):
    log = AuditLog(tmp_path / "audit", key, 184)
    with pytest.raises(ValueError, match="sequence"):
        log.append({"kind": "x", "sequence": 3})
    with pytest.raises(ValueError, match="JSON compliant"):
        log.append({"kind": "x", "measured": float("nan")})
    log.close()
    assert verify(tmp_path / "audit", key.public).records == 2


def test_a_key_is_for_its_owner_alone(tmp_path):
    path = tmp_path / "key.pem"
    key = SigningKey.load_or_make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert SigningKey.load_or_make(path).public.fingerprint == key.public.fingerprint
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        SigningKey.load_or_make(path)
    path.chmod(0o600)
    path.write_text(json.dumps("no key"))
    with pytest.raises(ConfigError, match="PEM"):
        SigningKey.load_or_make(path)
    with pytest.raises(ConfigError, match="PEM"):
        PublicKey.read(path)


@contextmanager
def full_disk():
    """No file of this process may grow: every write fails, that of a buffer which is closed as well."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_log_on_a_full_disk_can_be_let_go_and_gone_on_with(folder, key):
    log = AuditLog(folder, key, 184)
    with full_disk():
        with pytest.raises(OSError):
            log.append({"kind": "lost"})
        log.abandon()
        with pytest.raises(OSError):
            AuditLog(folder, key, 184).append({"kind": "lost"})
    assert (folder / "public_key.pem").read_bytes() == key.public.pem
    AuditLog(folder, key, 184).close()
    assert verify(folder, key.public).fault is None
