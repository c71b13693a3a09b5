"""More ways to say a training sentence: other nouns and lead-ins, never one of the held-out sentences."""

from __future__ import annotations

from noetra_ros.sim.task import Task

NOUNS = ("cube", "block", "box", "one")
LEAD_INS = ("", "now ", "robot ")


def training_sentences(task: Task, colour: str) -> tuple[str, ...]:
    """Training wordings of a task and what becomes of them with other nouns and lead-ins."""
    heldout = set(task.sentences(colour, "heldout"))
    varied = {
        lead_in + sentence.replace("cube", noun).replace("block", noun)
        for sentence in task.sentences(colour, "train")
        for noun in NOUNS
        for lead_in in LEAD_INS
    }
    return tuple(sorted(varied - heldout))
