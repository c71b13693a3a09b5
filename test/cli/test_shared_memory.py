"""Segments of killed processes are removed; what is in use, young or something else stays."""

import mmap
import os

import pytest

from noetra_ros.cli.shared_memory import YOUNG_S, remove_left_segments

NAME = "fastdds_0123456789abcdef"


@pytest.fixture
def segment(tmp_path):
    return make(tmp_path / NAME)


def make(path, age_s=2 * YOUNG_S):
    path.write_bytes(b"x" * 4096)
    instant = path.stat().st_mtime - age_s
    os.utime(path, (instant, instant))
    return path


def test_a_segment_that_nobody_has_mapped_is_removed(tmp_path, segment):
    assert remove_left_segments(tmp_path) == 4096
    assert not segment.exists()


def test_a_segment_in_use_stays(tmp_path, segment):
    with segment.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ):
        assert remove_left_segments(tmp_path) == 0
    assert segment.exists()


def test_a_young_segment_stays(tmp_path):
    assert make(tmp_path / NAME, age_s=0.0).exists()
    assert remove_left_segments(tmp_path) == 0


@pytest.mark.parametrize("name", [f"{NAME}_el", "fastdds_port7400", "someone_elses"])
def test_other_files_stay(tmp_path, name):
    path = make(tmp_path / name)
    assert remove_left_segments(tmp_path) == 0 and path.exists()
