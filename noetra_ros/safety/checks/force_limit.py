"""Check: a link that is near a person moves no faster than contact may be (ISO/TS 15066, Annex A)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.contact import contact_speed_mps, load_body_regions, robot_mass_kg
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.people_settings import ContactSettings
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("force_limit")


@dataclass(frozen=True, kw_only=True)
class ForceLimit(ContactSettings):
    """Slows links nearer to a person than `contact_distance_m` to the speed that the slowest accepted body
    region allows; stops where a region may not be hit at all, and where people or joints are not known.
    Cannot catch clamping (quasi-static contact), sharp edges, and the speed of the person's own movement.
    """

    may_be_armed_against = True  # a person who stands near holds the armed robot, and goes again

    def __post_init__(self) -> None:
        known = load_body_regions(self.body_regions).regions
        faults = [
            Fault("contact_regions", repr(name), f"one of {', '.join(known)}")
            for name in self.contact_regions
            if name not in known
        ]
        if not self.contact_regions:
            faults.append(Fault("contact_regions", "an empty list", "the regions that may be hit"))
        if faults:
            raise ConfigError("force limit", faults)

    def unmet(self, limits: ChannelLimits) -> str:
        """It needs perception and the links."""
        return "" if limits.body is not None else "watch_people is off: nothing tells where people are"

    def limit_mps(self, moving_kg: float) -> tuple[float, str]:
        """Speed and region that bounds it, for a robot of this moving mass."""
        regions = load_body_regions(self.body_regions).regions
        mass_kg = robot_mass_kg(moving_kg, self.payload_kg)
        return min(
            (contact_speed_mps(regions[name], mass_kg, self.contact_area_cm2), name)
            for name in self.contact_regions
        )

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """SLOW to the share of the speed limits at which no near link passes the contact speed."""
        body = snapshot.limits.body
        if body is None:
            return PASSED
        if snapshot.scene is None or snapshot.joint_positions is None:
            return Verdict("force_limit", Action.STOP, "where people or joints are is not known", 0.0)
        proximity = body.measure(snapshot.scene, snapshot.joint_positions)
        is_near = ~(proximity.distance_m > self.contact_distance_m)  # NaN is near
        if not is_near.any():
            return PASSED
        fastest = proximity.reach @ np.array(snapshot.limits.each_velocity)
        fastest_mps = float(np.max(fastest[is_near]))
        limit_mps, region = self.limit_mps(body.capsules.moving_kg)
        if not fastest_mps >= 0.0 or limit_mps <= 0.0:
            reason = f"contact with {region} is to be avoided, or the speed is not a number"
            return Verdict("force_limit", Action.STOP, reason, 0.0, region, fastest_mps, limit_mps, "m/s")
        scale = min(1.0, limit_mps / max(fastest_mps, 1e-9))
        if scale >= 1.0:
            return PASSED
        reason = f"a person is near: contact with {region} allows {limit_mps:.2f} m/s, not {fastest_mps:.2f}"
        return Verdict("force_limit", Action.SLOW, reason, scale, region, fastest_mps, limit_mps, "m/s")


check_registry.register("force_limit")(ForceLimit)
