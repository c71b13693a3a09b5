from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.perception.detector import DETECTORS, Detection, DetectorOptions, create_detector

BOX = np.array([1.0, 2.0, 3.0, 4.0])


def test_an_unknown_detector_lists_the_known_ones():
    with pytest.raises(ConfigError, match="torchvision"):
        create_detector("yolo", DetectorOptions())


@pytest.mark.parametrize(("label", "counts"), [("person", True), ("hand", True), ("red_cube", False)])
def test_people_and_hands_are_protected(label, counts):
    assert Detection(label, 0.5, BOX).is_protected == counts


@pytest.mark.parametrize(
    ("score", "box"), [(1.1, BOX), (float("nan"), BOX), (0.5, BOX[:3]), (0.5, BOX * np.nan)]
)
def test_a_detection_is_whole_or_refused(score, box):
    with pytest.raises(ValueError, match="detection"):
        Detection("cup", score, box)


def test_the_registry_and_every_backend_file_import_without_torch():
    code = (
        "import sys; from noetra_ros.perception.detector import DETECTORS\n"
        "for name in DETECTORS.names(): DETECTORS.get(name)\n"
        "import noetra_ros.perception.lifting\n"
        "sys.exit('torch' in sys.modules or 'torchvision' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
    assert DETECTORS.names()
