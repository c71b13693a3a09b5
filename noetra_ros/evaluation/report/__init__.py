"""The page that a person reads after a demo or an evaluation: one self-contained HTML file."""
