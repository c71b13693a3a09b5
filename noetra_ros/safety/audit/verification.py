"""Finds every change of an audit log: in a record, between records, at its beginning and at its end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from noetra_ros.safety.audit.checkpoints import CHECKPOINT, HEAD_FILE, Head, checkpoint_fault
from noetra_ros.safety.audit.keys import PublicKey
from noetra_ros.safety.audit.lines import FIRST_LINK, link_of, record_of
from noetra_ros.safety.audit.segments import Segment, segments_of

RETIRED = "retired"
_CHECKPOINT_MARK = b'"kind":"checkpoint"'
_RETIRED_MARK = b'"kind":"retired"'


@dataclass(frozen=True)
class AuditFault:
    """Something that does not fit.

    Attributes:
        file: name of the file.
        line: from 1; 0 = the file as a whole.
        reason: for a person.
    """

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}{f', line {self.line}' if self.line else ''}: {self.reason}"


@dataclass(frozen=True)
class AuditVerdict:
    """What was found.

    Attributes:
        fault: the first thing that does not fit; None = the log is whole.
        records: how many were read, checkpoints included.
        checkpoints: signed ones.
        unsigned: records after the last checkpoint; a program that still writes has some.
        is_ended: the last record is the checkpoint of an orderly end.
    """

    fault: AuditFault | None
    records: int = 0
    checkpoints: int = 0
    unsigned: int = 0
    is_ended: bool = False


@dataclass
class _Reading:
    """How far the reading has come."""

    sequence: int = 0
    link: str = FIRST_LINK
    records: int = 0
    checkpoints: int = 0
    unsigned: int = 0
    is_ended: bool = False


def verify(folder: Path, key: PublicKey) -> AuditVerdict:
    """Read a whole log.

    Shows changed, removed, added, exchanged and cut off records up to the newest checkpoint, and any that
    were written by somebody without the key. Cannot show that log and head were both put back to an older
    state: compare `records` with what was noted elsewhere.
    """
    reading, segments = _Reading(), segments_of(folder)
    try:
        head = Head.read(folder, key)
    except ValueError as error:
        return AuditVerdict(AuditFault(HEAD_FILE, 0, str(error)))
    if head is None and any(segment.path.stat().st_size for segment in segments):
        return AuditVerdict(AuditFault(HEAD_FILE, 0, "missing, and the log has records"))
    beginning = _beginning(segments)
    if isinstance(beginning, AuditFault):
        return AuditVerdict(beginning)
    reading.sequence, reading.link = beginning
    has_head = head is None
    for segment in segments:
        for number, line in enumerate(segment.lines(), start=1):
            fault = _read(line, reading, key)
            if fault:
                return _verdict(reading, AuditFault(segment.path.name, number, fault))
            has_head |= head is not None and (head.sequence, head.link) == (
                reading.sequence - 1,
                reading.link,
            )
    if not has_head and head is not None:
        reason = (
            f"the log does not hold record {head.sequence}, which {HEAD_FILE} has signed: its end is missing"
        )
        return _verdict(reading, AuditFault(segments[-1].path.name if segments else HEAD_FILE, 0, reason))
    return _verdict(reading, None)


def _verdict(reading: _Reading, fault: AuditFault | None) -> AuditVerdict:
    return AuditVerdict(
        fault, reading.records, reading.checkpoints, reading.unsigned, fault is None and reading.is_ended
    )


def _read(line: bytes, reading: _Reading, key: PublicKey) -> str:
    """Takes one line; what is wrong with it, empty = nothing."""
    try:
        link = link_of(line, reading.sequence, reading.link)
        is_checkpoint = _CHECKPOINT_MARK in line and record_of(line).get("kind") == CHECKPOINT
        fault = checkpoint_fault(record_of(line), key) if is_checkpoint else ""
    except ValueError as error:
        return str(error)
    if fault:
        return fault
    reading.is_ended = is_checkpoint and bool(record_of(line)["is_end"])
    reading.checkpoints += is_checkpoint
    reading.unsigned = 0 if is_checkpoint else reading.unsigned + 1
    reading.sequence, reading.link, reading.records = reading.sequence + 1, link, reading.records + 1
    return ""


def _beginning(segments: list[Segment]) -> tuple[int, str] | AuditFault:
    """Sequence number and link with which the first segment has to begin."""
    numbers = [segment.number for segment in segments]
    if not segments or numbers == list(range(1, len(numbers) + 1)):
        return 0, FIRST_LINK
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        missing = sorted(set(range(numbers[0], numbers[-1])) - set(numbers))
        return AuditFault(
            segments[0].path.name, 0, f"segment {missing[0]} between it and the last is missing"
        )
    for segment in segments:
        for line in segment.lines():
            if _RETIRED_MARK in line and (told := _retired(line)) and told[0] == numbers[0] - 1:
                return told[1] + 1, told[2]
    reason = (
        f"the log begins with segment {numbers[0]}, and no record tells that the ones before were retired"
    )
    return AuditFault(segments[0].path.name, 0, reason)


def _retired(line: bytes) -> tuple[int, int, str] | None:
    """Last segment that was retired, its last sequence number and hash; None = the line tells of none."""
    try:
        record = record_of(line)
        if record.get("kind") != RETIRED:
            return None
        return int(record["through"]), int(record["last_sequence"]), str(record["last_hash"])
    except (ValueError, KeyError, TypeError):
        return None
