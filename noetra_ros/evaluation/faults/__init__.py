"""The fault campaign without ROS: what is declared, what the oracle makes of a trial, how it is reported."""
