"""A line of the audit log, changed in each of its parts; files that are kept as long as they have to be."""

import json

import pytest

from noetra_ros.safety.audit.lines import FIRST_LINK, OWN_KEYS, link_of, record_of, write_line
from noetra_ros.safety.audit.segments import (
    DAY_NS,
    RETENTION_DAYS,
    Segment,
    outdated,
    segment_path,
    segments_of,
)

RECORD = {"kind": "mode", "after": "ACTIVE"}
LINE, LINK = write_line(7, "a" * 64, RECORD)


def test_a_line_is_read_as_it_was_written():
    assert link_of(LINE, 7, "a" * 64) == LINK and len(LINK) == 64
    assert record_of(LINE) == {"sequence": 7, "previous": "a" * 64, **RECORD, "hash": LINK}
    assert FIRST_LINK == "0" * 64


@pytest.mark.parametrize("name", sorted(OWN_KEYS))
def test_a_record_does_not_speak_for_the_line(name):
    with pytest.raises(ValueError, match=f"has the key {name}"):
        write_line(0, FIRST_LINK, {name: 1})


BROKEN = {
    "nothing": (b"", "not a whole record"),
    "torn off": (LINE[:-1], "not a whole record"),
    "without its begin": (LINE[len(LINE) - 75 :], "not a whole record"),
    "another end": (LINE[:-3] + b'"]\n', "not a whole record"),
    "without its hash": (LINE.replace(b',"hash":', b',"hush":'), "not a whole record"),
    "a word": (LINE.replace(b"ACTIVE", b"PASSED"), "content and hash differ"),
    "the hash": (LINE.replace(LINK.encode(), b"b" * 64), "content and hash differ"),
}


@pytest.mark.parametrize(("line", "words"), BROKEN.values(), ids=BROKEN)
def test_whatever_is_changed_in_a_line_is_found(line, words):
    with pytest.raises(ValueError, match=words):
        link_of(line, 7, "a" * 64)


@pytest.mark.parametrize(
    ("sequence", "previous", "words"),
    [
        (8, "a" * 64, "not number 8, which is due here"),
        (70, "a" * 64, "not number 70"),
        (7, "c" * 64, "does not follow the record before it"),
    ],
)
def test_a_whole_line_in_another_place_is_found(sequence, previous, words):
    """It was moved, or one before it was taken out."""
    with pytest.raises(ValueError, match=words):
        link_of(LINE, sequence, previous)


@pytest.mark.parametrize("line", [b"[1, 2]\n", b"7\n", b'"text"\n'])
def test_what_is_no_record_is_refused(line):
    with pytest.raises(ValueError, match="no JSON object"):
        record_of(line)


def segment(folder, number, *closed_ns):
    path = segment_path(folder, number)
    lines = (json.dumps({} if ns is None else {"utc_ns": ns}).encode() + b"\n" for ns in closed_ns)
    path.write_bytes(b"".join(lines))
    return Segment(number, path)


def test_files_are_told_by_their_numbers(tmp_path):
    made = [segment(tmp_path, number) for number in (10, 2, 1)]
    for name in ("audit-head.jsonl", "audit-.jsonl", "audit-000003.json", "notes.jsonl"):
        (tmp_path / name).write_bytes(b"")
    assert segments_of(tmp_path) == made[::-1]
    assert made[1].path.name == "audit-000002.jsonl"


def test_a_file_was_closed_with_its_last_record(tmp_path):
    assert segment(tmp_path, 1, 5, 6, 7).last_utc_ns() == 7
    for content in (
        b"",
        b"{}\n",
        b"[1]\n",
        b'{"utc_ns": "x"}\n',
        b'{"utc_ns": null}\n',
        b'{"utc_ns": 5}\n{"ut',
    ):
        path = segment_path(tmp_path, 2)
        path.write_bytes(content)
        assert Segment(2, path).last_utc_ns() == 0, content


def test_how_long_records_are_kept():
    """Six months at the least, whatever months they are; leap years included."""
    assert RETENTION_DAYS == {"6_months": 184, "1_year": 366, "5_years": 1827}
    assert DAY_NS == 24 * 60 * 60 * 10**9


def test_what_is_older_goes_and_the_last_file_never(tmp_path):
    ages = (3 * DAY_NS, 2 * DAY_NS + 1, 2 * DAY_NS, DAY_NS)
    now_ns = 100 * DAY_NS
    made = [segment(tmp_path, number, now_ns - age) for number, age in enumerate(ages, start=1)]
    assert outdated(made, now_ns, 2) == made[:2], "on the day it stays"
    assert outdated(made[:2], now_ns, 2) == made[:1] and outdated(made[:1], now_ns, 2) == []
    assert outdated([], now_ns, 2) == []


def test_behind_a_file_that_does_not_say_when_it_was_closed_none_goes(tmp_path):
    made = [segment(tmp_path, 1, DAY_NS), segment(tmp_path, 2, None), segment(tmp_path, 3, DAY_NS)]
    last = segment(tmp_path, 4, DAY_NS)
    assert outdated([*made, last], 100 * DAY_NS, 2) == made[:1]
