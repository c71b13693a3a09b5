"""The supervisor node with one more folder of checks."""

import sys
from pathlib import Path

import noetra_ros.safety.checks
from noetra_ros.ros.supervisor_node import main

noetra_ros.safety.checks.__path__.append(str(Path(__file__).with_name("failing_checks")))

if __name__ == "__main__":
    sys.exit(main())
