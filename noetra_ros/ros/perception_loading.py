"""Builds perception as a node was asked for it; the detector is loaded on the worker's thread."""

from __future__ import annotations

from noetra_ros.perception.examination import Examination
from noetra_ros.perception.perceiver import Perceiver
from noetra_ros.perception.pipeline import Pipeline
from noetra_ros.perception.recognition import make_recogniser
from noetra_ros.perception.sensor_finding import build_findings
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros.perception_settings import PerceptionChoice


def load_perceiver(
    settings: PerceptionChoice, profile: RobotProfile, cameras: tuple[str, ...], worker: InferenceWorker
) -> Perceiver:
    """Perception, to be used on the worker's thread alone from now on.

    Raises:
        ConfigError: unknown findings or detector, missing settings or weights, or what the robot lacks.
    """
    findings = build_findings([name for name in settings.findings if name], vars(settings))
    recogniser = make_recogniser(settings, settings)
    if recogniser is not None:
        worker.call(recogniser.load).result()
    return Perceiver(
        lambda: Pipeline(profile, settings),
        lambda: Examination(profile, cameras, findings, settings.recover_frames, settings.joints_gap_s),
        recogniser,
    )
