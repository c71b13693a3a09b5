"""LeRobot checkpoints: what their files say, and the process that runs them in LeRobot's environment."""
