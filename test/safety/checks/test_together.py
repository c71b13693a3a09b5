"""The check `together`: inside, on the limit, outside, NaN, missing."""

import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import TWIST, TWO_JOINTS, snapshot

from noetra_ros.safety.checks.together import TogetherCheck
from noetra_ros.safety.limits import StowedJoint, TogetherLimits
from noetra_ros.safety.others import Others
from noetra_ros.safety.verdict import Action

CHECK = TogetherCheck()
ARM = dataclasses.replace(TWO_JOINTS, together=TogetherLimits(0.5))
STOWED = (StowedJoint("elbow", 1, -0.5),)
BASE = dataclasses.replace(TWIST, together=TogetherLimits(0.5, STOWED, 0.125))
STILL = (0.0, 0.0, 0.0)


def arm(proposed=(0.51, -0.5), **others):
    told = Others(**others)
    return snapshot(limits=ARM, proposed=proposed, sent=(0.5, -0.5), others=told)


def base(elbow_rad, proposed=(0.1, 0.0, 0.0), **changes):
    state = {"joint_positions": np.array([0.0, elbow_rad]), "others": Others(), **changes}
    return snapshot(
        limits=BASE, command_kind=BASE.kind, sent=STILL, sent_velocity=STILL, sent_acceleration=STILL,
        proposed=proposed, measured=None, **state,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case", "action"),
    [
        (arm(), Action.PASS),
        (arm(stop="base: scan is silent"), Action.STOP),
        (arm(moving="base"), Action.CLAMP),
        (arm(proposed=(0.5, -0.5), moving="base"), Action.PASS),
        (arm(proposed=None, moving="base"), Action.PASS),
        (arm(scale=0.5), Action.SLOW),
        (base(-0.5), Action.PASS),
        (base(-0.375), Action.PASS),
        (base(-0.374), Action.CLAMP),
        (base(math.nan), Action.CLAMP),
        (base(-0.374, proposed=STILL), Action.PASS),
        (base(-0.5, joint_positions=None), Action.STOP),
        (base(-0.5, others=None), Action.STOP),
    ],
)
def test_a_channel_goes_along_with_the_others(case, action):
    verdict = CHECK.evaluate(case)
    assert verdict.action is action
    assert action is not Action.CLAMP or verdict.scale == 0.0


def test_what_is_told_names_joint_distance_and_limit():
    verdict = CHECK.evaluate(base(0.0))
    assert (verdict.subject, verdict.measured, verdict.limit, verdict.unit) == ("elbow", 0.5, 0.125, "rad")


def test_a_channel_that_is_gated_alone_has_none():
    assert CHECK.unmet(TWO_JOINTS) and not CHECK.unmet(ARM)
