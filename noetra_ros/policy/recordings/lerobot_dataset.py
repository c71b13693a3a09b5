"""LeRobot datasets, versions 2 and 3: meta/info.json, data/**/*.parquet; noetra.yaml says joints and unit."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.policy.model_sheet import ModelSheet, read_sheet
from noetra_ros.policy.recording import READERS, Recording
from noetra_ros.robots.profile import RobotProfile

INFO_FILE = "meta/info.json"


@READERS.register("lerobot_dataset")
class LeRobotDatasetReader:
    """Reads the actions alone: no picture is decoded."""

    def recognises(self, path: Path) -> bool:
        """A folder with meta/info.json."""
        return (path / INFO_FILE).is_file()

    def read(self, path: Path, episode: int | None, robot: RobotProfile) -> Recording:
        """Read an episode by its number.

        Raises:
            ConfigError: pyarrow, the sheet or the episode is missing, or sheet and dataset differ.
        """
        sheet = read_sheet(ModelSheet, path, tuple(robot.joints))
        info = json.loads((path / INFO_FILE).read_text(encoding="utf-8"))
        if abs(float(info["fps"]) - sheet.rate_hz) > 1e-6:
            raise single_fault(str(path), "rate_hz", sheet.rate_hz, f"{info['fps']}, the dataset's fps")
        number = episode or 0
        actions, times_s = _episode(path, number)
        if actions.shape[1] != len(sheet.columns):
            expected = f"{actions.shape[1]}, one for each number of an action"
            raise single_fault(str(path), "actions", f"{len(sheet.columns)} names", expected)
        name = f"replay {path.name} episode {number}"
        values = sheet.action_scale(actions)
        return Recording(name, sheet.kind, sheet.columns, times_s + sheet.start_offset_s, values)


def _episode(path: Path, number: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, d) actions and (n,) s."""
    parquet = _parquet()
    wanted = [("episode_index", "=", number)]
    for file in sorted(path.glob("data/**/*.parquet")):
        table = parquet.read_table(file, columns=["action", "timestamp"], filters=wanted)
        if table.num_rows:
            rows = np.array(table["action"].to_pylist(), dtype=np.float64)
            times_s = table["timestamp"].to_numpy().astype(np.float64)
            order = np.argsort(times_s)
            return rows.reshape(len(rows), -1)[order], times_s[order]
    raise single_fault(str(path), "episode", number, "an episode of the dataset")


def _parquet() -> Any:
    try:
        return importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        remedy = "pip install pyarrow"
        raise single_fault("policy replay", "pyarrow", "not installed", "the package", remedy) from error
