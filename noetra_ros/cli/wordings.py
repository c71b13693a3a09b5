"""More ways to say a training sentence: other verbs, nouns and lead-ins, never one of the held-out sentences.

One verb turns up under several tasks ("move it away", "move to it"): a model has to mind the rest, too.
"""

from __future__ import annotations

from noetra_ros.sim.task import Task

NOUNS = ("cube", "block", "box", "one")
LEAD_INS = ("", "now ", "robot ")
MORE = {
    "reach": (
        "approach the {colour} cube",
        "head for the {colour} cube",
        "stay above the {colour} cube",
        "bring the gripper to the {colour} cube",
    ),
    "push": (
        "slide the {colour} cube away",
        "nudge the {colour} cube forward",
        "move the {colour} cube away",
        "move the {colour} cube forward",
    ),
    "pick": (
        "raise the {colour} cube",
        "get the {colour} cube",
        "hold the {colour} cube up",
        "move the {colour} cube up",
        "grab the {colour} cube and raise it",
    ),
    "place": (
        "bring the {colour} cube to the bowl",
        "carry the {colour} cube to the bowl",
        "get the {colour} cube into the bowl",
        "the {colour} cube goes into the bowl",
        "pick up the {colour} cube and put it into the bowl",
    ),
}


def training_sentences(task: Task, colour: str) -> tuple[str, ...]:
    """Training wordings of a task, some more, and what becomes of them with other nouns and lead-ins."""
    heldout = set(task.sentences(colour, "heldout"))
    more = (template.format(colour=colour) for template in MORE.get(task.name, ()))
    varied = {
        lead_in + sentence.replace("cube", noun).replace("block", noun)
        for sentence in (*task.sentences(colour, "train"), *more)
        for noun in NOUNS
        for lead_in in LEAD_INS
    }
    return tuple(sorted(varied - heldout))
