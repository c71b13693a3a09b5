"""The black box: the seconds before and after each stop of the robot, as one MCAP file."""
