"""Tasks of the arm, one file each."""
