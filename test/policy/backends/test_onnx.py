"""`tiny.onnx` answers joints + mean brightness + sum of tokens + a tenth of the noise: (1, 4, 6)."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import CameraFrame
from noetra_ros.policy.backend import BackendOptions
from noetra_ros.policy.backends.onnx import OnnxBackend
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.preflight import Serving, preflight_faults

TINY = Path(__file__).parents[1] / "onnx" / "tiny.onnx"
JOINTS = ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll", "gripper"]
SHEET = {
    "unit": "deg",
    "rate_hz": 10,
    "joints": JOINTS,
    "rows": 4,
    "output": "actions",
    "inputs": {
        "front": {"source": "camera", "camera": "front", "width_px": 8, "height_px": 8},
        "joints": {"source": "joints"},
        "tokens": {"source": "sentence"},
        "noise": {"source": "noise"},
    },
    "sentences": {"pick up the red cube": [1, 2, 3], "stop": [0, 0, 0]},
}


@pytest.fixture
def folder(tmp_path):
    shutil.copy(TINY, tmp_path / "model.onnx")
    return tmp_path


def backend_of(so101, folder, sheet=SHEET):
    (folder / "noetra.yaml").write_text(yaml.safe_dump(sheet), encoding="utf-8")
    return OnnxBackend(BackendOptions(so101, checkpoint=folder))


def loaded(so101, folder, sheet=SHEET):
    pytest.importorskip("onnxruntime")
    backend = backend_of(so101, folder, sheet)
    backend.load()
    return backend


@pytest.fixture
def seen(observation):
    """A picture whose brightness is half."""
    rgb = np.full((8, 8, 3), 127.5).astype(np.uint8)
    return replace(observation, frames={"front": CameraFrame(5_000_000, "front", rgb)})


def test_numbers_go_in_and_out_in_the_models_unit(so101, folder, seen):
    chunk = loaded(so101, folder).infer(seen)
    noise = 0.1 * np.random.default_rng(0).standard_normal((1, 4, 6))[0]
    expected_deg = np.rad2deg(seen.joints.positions) + 127 / 255 + 6 + noise
    np.testing.assert_allclose(chunk.values, np.deg2rad(expected_deg), atol=1e-6)


def test_pictures_joints_and_actions_are_normalised_as_the_sheet_says(so101, folder, seen):
    inputs = {
        **SHEET["inputs"],
        "front": {**SHEET["inputs"]["front"], "full": 255, "mean": [127.0] * 3, "deviation": [50.0] * 3},
        "joints": {"source": "joints", "mean": [1.0] * 6, "deviation": [2.0] * 6},
    }
    sheet = {
        **SHEET,
        "unit": "rad",
        "inputs": inputs,
        "action_mean": [3.0] * 6,
        "action_deviation": [0.5] * 6,
    }
    chunk = loaded(so101, folder, sheet).infer(seen)
    noise = 0.1 * np.random.default_rng(0).standard_normal((1, 4, 6))[0]
    expected_rad = ((seen.joints.positions - 1) / 2 + 6 + noise) * 0.5 + 3
    np.testing.assert_allclose(chunk.values, expected_rad, atol=1e-6)


def test_noise_changes_and_repeats_after_reset(so101, folder, seen):
    backend = loaded(so101, folder)
    first, second = backend.infer(seen).values, backend.infer(seen).values
    backend.reset()
    np.testing.assert_array_equal(backend.infer(seen).values, first)
    assert not np.allclose(first, second)


def test_a_sentence_without_tokens_is_refused(so101, folder, seen):
    with pytest.raises(PolicyError, match="no tokens for 'dance'; it knows: pick up the red cube; stop"):
        loaded(so101, folder).infer(replace(seen, instruction="dance"))


def test_a_graph_that_is_not_as_the_sheet_says_is_told_tensor_by_tensor(so101, folder):
    inputs = {
        "front": {"source": "camera", "camera": "front", "width_px": 96, "height_px": 8},
        "joints": {"source": "joints"},
        "words": {"source": "sentence"},
        "noise": {"source": "noise"},
    }
    sheet = {**SHEET, "joints": JOINTS[:5], "actions": JOINTS, "inputs": inputs, "output": "action"}
    with pytest.raises(ConfigError) as error:
        loaded(so101, folder, sheet)
    keys = [fault.key for fault in error.value.faults]
    assert keys == ["inputs.tokens", "inputs.front", "inputs.joints", "inputs.words", "output"]


def test_other_rows_than_the_sheet_says_show_at_load(so101, folder):
    with pytest.raises(ConfigError, match=r"actions: got \(1, 4, 6\), expected \(1, 5, 6\)"):
        loaded(so101, folder, {**SHEET, "rows": 5})


def test_a_damaged_file_is_named_at_load(so101, folder):
    (folder / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(ConfigError, match="expected a graph that onnxruntime loads"):
        loaded(so101, folder)


def test_without_onnxruntime_the_command_that_installs_it_is_named(so101, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ConfigError, match="pip install onnxruntime"):
        backend_of(so101, folder).load()


def test_a_missing_device_is_an_error(so101, folder):
    pytest.importorskip("onnxruntime")
    (folder / "noetra.yaml").write_text(yaml.safe_dump(SHEET), encoding="utf-8")
    with pytest.raises(ConfigError, match="pip install onnxruntime-gpu"):
        OnnxBackend(BackendOptions(so101, checkpoint=folder, device="cuda")).load()


def test_before_load_it_does_not_answer(so101, folder, seen):
    with pytest.raises(PolicyError, match="call load"):
        backend_of(so101, folder).infer(seen)


def test_without_a_sheet_the_error_shows_how_one_begins(so101, folder):
    with pytest.raises(ConfigError, match="unit: deg, rate_hz: 30, joints: \\[shoulder_pan"):
        OnnxBackend(BackendOptions(so101, checkpoint=folder))


def test_the_preflight_sees_its_needs(so101, folder):
    keys = [
        f.key for f in preflight_faults(backend_of(so101, folder).spec, Serving(so101, is_simulation=False))
    ]
    assert "cameras.front" in keys


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"action_mean": [1.0]}, "action_mean"),
        ({"sentences": {}}, "sentences"),
        ({"sentences": {"a": [1], "b": [1, 2]}}, "sentences"),
        ({"inputs": {"front": {"source": "camera"}}}, "inputs.front.camera"),
        ({"inputs": {"j": {"source": "joints", "deviation": [0.0] * 6}}}, "inputs.j.deviation"),
        ({"inputs": {"j": {"source": "joints", "mean": [0.0]}}}, "inputs.j.mean"),
        ({"inputs": {"j": {"source": "smell"}}}, "inputs.j.source"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused(so101, folder, change, key):
    with pytest.raises(ConfigError) as error:
        backend_of(so101, folder, {**SHEET, **change})
    assert key in [fault.key for fault in error.value.faults]
