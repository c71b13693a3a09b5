"""The nearest motion that keeps every barrier: workspace, keep-out boxes, the robot's own body."""
