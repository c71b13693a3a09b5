"""A stop driven step by step until it rests, against which what is reckoned of stops is held."""

from noetra_ros.safety.braking import ramp_acceleration
from noetra_ros.safety.limits import AxisLimits

DT_S = 0.01
AXIS = AxisLimits("joint", "rad", -10.0, 10.0, 2.0, 20.0, 1000.0)  # 10 rad/s2 in one period


def stepped_stop(velocity: float, acceleration: float, axis: AxisLimits = AXIS) -> tuple[float, float, float]:
    """Lowest and highest place on the way, and its end, rad."""
    travel = lowest = highest = 0.0
    while abs(velocity) > 1e-12 / DT_S or abs(acceleration) > axis.jerk * DT_S:
        acceleration = ramp_acceleration(velocity, acceleration, axis, DT_S)
        velocity += acceleration * DT_S
        travel += velocity * DT_S
        lowest, highest = min(lowest, travel), max(highest, travel)
    return lowest, highest, travel
