"""The evaluation `clutter`: an arm among things and people, under an adversary and an honest policy."""
