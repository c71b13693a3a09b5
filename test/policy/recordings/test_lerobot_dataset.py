from __future__ import annotations

import json
import sys

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.recording import read_recording

SHEET = "unit: deg\nrate_hz: 20\njoints: [shoulder_pan, gripper]\nscales: {gripper: {rad_per_unit: 0.02}}\n"


@pytest.fixture
def dataset(tmp_path):
    """Two episodes of three frames in one file, as version 3 lays them."""
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {
        "action": [[float(10 * row), float(row)] for row in range(6)],
        "timestamp": np.array([0.0, 0.05, 0.1] * 2, np.float32),
        "episode_index": [0, 0, 0, 1, 1, 1],
    }
    (tmp_path / "data" / "chunk-000").mkdir(parents=True)
    parquet.write_table(pyarrow.table(columns), tmp_path / "data" / "chunk-000" / "file-000.parquet")
    (tmp_path / "meta").mkdir()
    (tmp_path / "meta" / "info.json").write_text(json.dumps({"fps": 20}), encoding="utf-8")
    (tmp_path / "noetra.yaml").write_text(SHEET, encoding="utf-8")
    return tmp_path


def test_an_episode_is_read_in_rad(dataset, so101):
    recording = read_recording(dataset.with_name(dataset.name + "#1"), so101)
    assert recording.names == ("shoulder_pan", "gripper")
    np.testing.assert_allclose(recording.times_s, [0.0, 0.05, 0.1], atol=1e-6)
    expected_rad = [[np.deg2rad(30), 0.06], [np.deg2rad(40), 0.08], [np.deg2rad(50), 0.1]]
    np.testing.assert_allclose(recording.values, expected_rad)


def test_an_episode_that_is_not_there_is_told(dataset, so101):
    with pytest.raises(ConfigError, match="episode: got 7"):
        read_recording(dataset.with_name(dataset.name + "#7"), so101)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rate_hz: 20", "rate_hz: 30", "rate_hz: got 30.0, expected 20"),
        ("joints: [shoulder_pan, gripper]", "joints: [gripper]", "actions: got 1 names, expected 2"),
    ],
)
def test_a_sheet_that_contradicts_the_dataset_is_refused(dataset, so101, old, new, words):
    (dataset / "noetra.yaml").write_text(SHEET.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        read_recording(dataset, so101)


def test_without_pyarrow_the_command_that_installs_it_is_named(dataset, so101, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(ConfigError, match="pip install pyarrow"):
        read_recording(dataset, so101)
