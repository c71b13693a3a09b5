"""The folder stays within its bounds: the oldest go, never the newest, and nothing that is not ours."""

import errno
import shutil
from datetime import UTC, datetime

import pytest

from noetra_ros.data.blackbox.retention import (
    Bounds,
    file_name,
    incident_files,
    remove_aged,
    remove_oldest,
    remove_parts,
    require_space,
)

PLENTY = Bounds(10**9, 100, 0)


def made(folder, number, size=1000):
    paths = []
    for second in range(number):
        path = folder / file_name(1_790_000_000 * 10**9 + second * 10**9, "protective_stop", "finite")
        path.write_bytes(bytes(size))
        paths.append(path)
    return paths


def test_a_name_says_when_what_and_which_check():
    name = file_name(1_795_295_011_175_005_180, "protective_stop", "no/such check")
    assert name == "20261121T210331.175Z-protective_stop-no_such_check.mcap"


def test_the_oldest_go_when_bytes_or_number_pass_the_bound(tmp_path):
    paths = made(tmp_path, 5)
    assert remove_oldest(tmp_path, paths[-1], Bounds(3000, 100, 0)) == paths[:2]
    assert remove_oldest(tmp_path, paths[-1], Bounds(10**9, 2, 0)) == [paths[2]]
    assert incident_files(tmp_path) == paths[3:]


def test_the_newest_stays_even_where_it_is_too_large_alone(tmp_path):
    paths = made(tmp_path, 3)
    assert remove_oldest(tmp_path, paths[1], Bounds(10, 1, 0)) == [paths[0], paths[2]]
    assert incident_files(tmp_path) == [paths[1]]


def test_files_go_by_the_age_of_their_stop(tmp_path):
    paths = made(tmp_path, 5)
    other = tmp_path / "my_recording.mcap"
    other.touch()
    now = datetime.fromtimestamp(1_790_000_000 + 2 + 86400, UTC)
    assert remove_aged(tmp_path, now, 2.0) == []
    assert remove_aged(tmp_path, now, 1.0) == paths[:2]
    assert incident_files(tmp_path) == paths[2:] and other.exists()


def test_files_of_others_are_neither_counted_nor_removed(tmp_path):
    other = tmp_path / "my_recording.mcap"
    other.write_bytes(bytes(10**6))
    (path,) = made(tmp_path, 1)
    assert remove_oldest(tmp_path, path, Bounds(5000, 1, 0)) == []
    assert other.exists() and incident_files(tmp_path) == [path]


def test_half_written_files_go_and_others_stay(tmp_path):
    (path,) = made(tmp_path, 1)
    part, other = tmp_path / f".{path.name}.part", tmp_path / ".mine.part"
    part.touch(), other.touch()
    remove_parts(tmp_path)
    assert (part.exists(), other.exists(), path.exists()) == (False, True, True)


def test_a_full_disk_is_told_with_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 5_000_000}))
    require_space(tmp_path, 3_000_000, Bounds(1, 1, 2_000_000))
    with pytest.raises(OSError, match=r"disk full: 5.0 MB free, 5.1 MB needed") as caught:
        require_space(tmp_path, 3_100_000, Bounds(1, 1, 2_000_000))
    assert caught.value.errno == errno.ENOSPC
