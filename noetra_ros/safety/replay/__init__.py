"""Recording every call to the supervisor's core with its answer, and replaying it bit for bit."""
