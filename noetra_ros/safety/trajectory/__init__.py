"""Whole trajectories: judged before they start, carried out setpoint by setpoint through the supervisor."""
