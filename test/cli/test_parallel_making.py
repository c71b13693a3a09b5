from __future__ import annotations

from pathlib import Path

import pytest

from noetra_ros.cli.parallel_making import make_all


class Writer:
    """Writes a file for each seed; odd ones come out badly."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, seed: int) -> bool:
        (self.folder / str(seed)).write_text("")
        return seed % 2 == 0


@pytest.mark.parametrize("seeds", [[], [4], [3, 8, 5]])
def test_one_process_makes_all_in_order(tmp_path, seeds):
    assert list(make_all(Writer, tmp_path, seeds, 1)) == [s % 2 == 0 for s in seeds]
    assert sorted(int(p.name) for p in tmp_path.iterdir()) == sorted(seeds)
