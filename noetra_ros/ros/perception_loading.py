"""Builds perception as a node was asked for it; the detector is loaded on the thread that it works on."""

from __future__ import annotations

from noetra_ros.perception.examination import Examination
from noetra_ros.perception.perceiver import Perceiver
from noetra_ros.perception.pipeline import Pipeline
from noetra_ros.perception.recognition import make_recogniser
from noetra_ros.perception.sensor_finding import build_findings
from noetra_ros.perception.side_recognition import PromptRecognition, Recognition, SideRecognition
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros.perception_settings import PerceptionChoice
from noetra_ros.ros.urgency import lower_thread


class PerceptionThreads:
    """One thread for where things are, one for what they are.

    Attributes:
        places: everything of the perceiver runs here.
        names: recognition runs here in real time; in lock-step it stays idle.
    """

    def __init__(self) -> None:
        self.places, self.names = InferenceWorker("perception"), InferenceWorker("recognition")

    def drop(self) -> None:
        """Forget jobs that have not begun."""
        self.places.drop()
        self.names.drop()

    def close(self) -> None:
        """End both after what they do now."""
        self.places.close()
        self.names.close()


def load_perceiver(
    settings: PerceptionChoice, profile: RobotProfile, cameras: tuple[str, ...], threads: PerceptionThreads
) -> Perceiver:
    """Perception, to be used on the thread of places alone from now on.

    Args:
        settings: of the node.
        profile: the robot.
        cameras: names of those that are looked through.
        threads: that it works on.

    Raises:
        ConfigError: unknown findings or detector, missing settings or weights, or what the robot lacks.
    """
    findings = build_findings([name for name in settings.findings if name], vars(settings))
    return Perceiver(
        lambda: Pipeline(profile, settings),
        lambda: Examination(profile, cameras, findings, settings.recover_frames, settings.joints_gap_s),
        _load_recognition(settings, threads),
    )


def _load_recognition(settings: PerceptionChoice, threads: PerceptionThreads) -> Recognition | None:
    recogniser = make_recogniser(settings, settings)
    if recogniser is None:
        return None
    if settings.lock_step:
        threads.places.call(recogniser.load).result()
        return PromptRecognition(recogniser, settings.recognition_period_s)
    threads.names.call(lower_thread)  # names may wait for places
    threads.names.call(recogniser.load).result()
    return SideRecognition(recogniser, settings.recognition_period_s, threads.names.submit)
