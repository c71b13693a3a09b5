"""Lets the tests of this folder share made traces (pytest imports test files without putting them on the path)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
