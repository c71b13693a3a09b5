"""Finds every change of an audit log: in a record, between records, at its beginning and at its end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

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
    beginning = _beginning(segments, -1 if head is None else head.sequence)
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
        record = record_of(line) if _CHECKPOINT_MARK in line else {}
    except ValueError as error:
        return str(error)
    is_checkpoint = record.get("kind") == CHECKPOINT
    if is_checkpoint and (fault := checkpoint_fault(record, key)):
        return fault
    reading.is_ended = is_checkpoint and bool(record["is_end"])
    reading.checkpoints += is_checkpoint
    reading.unsigned = 0 if is_checkpoint else reading.unsigned + 1
    reading.sequence, reading.link, reading.records = reading.sequence + 1, link, reading.records + 1
    return ""


def _beginning(segments: list[Segment], signed_until: int) -> tuple[int, str] | AuditFault:
    """Sequence number and link with which the first segment has to begin.

    Args:
        segments: all that are there.
        signed_until: number of the newest signed record. Who retires files signs that; anybody can write.
    """
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
            told = _retired(line) if _RETIRED_MARK in line else None
            if told and told.through == numbers[0] - 1 and told.sequence <= signed_until:
                return told.last_sequence + 1, told.last_hash
    words = "and no signed record tells that the ones before were retired"
    reason = f"the log begins with segment {numbers[0]}, {words}"
    return AuditFault(segments[0].path.name, 0, reason)


class _Retired(NamedTuple):
    """What a record says of files that were retired: its own number, their last one, the end of that."""

    sequence: int
    through: int
    last_sequence: int
    last_hash: str


def _retired(line: bytes) -> _Retired | None:
    """What a line says of retired files; None = nothing."""
    try:
        record = record_of(line)
        if record.get("kind") != RETIRED:
            return None
        through, last = int(record["through"]), int(record["last_sequence"])
        return _Retired(int(record["sequence"]), through, last, str(record["last_hash"]))
    except (ValueError, KeyError, TypeError):
        return None
