"""Class names, by number, of the data that torchvision's own weights were trained on; 0 = background."""

from __future__ import annotations

BACKGROUND = "__background__"
UNUSED = "N/A"  # numbers that the data set leaves out


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


COCO = _names(
    """
    __background__, person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light,
    fire hydrant, N/A, stop sign, parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant,
    bear, zebra, giraffe, N/A, backpack, umbrella, N/A, N/A, handbag, tie, suitcase, frisbee, skis,
    snowboard, sports ball, kite, baseball bat, baseball glove, skateboard, surfboard, tennis racket,
    bottle, N/A, wine glass, cup, fork, knife, spoon, bowl, banana, apple, sandwich, orange, broccoli,
    carrot, hot dog, pizza, donut, cake, chair, couch, potted plant, bed, N/A, dining table, N/A, N/A,
    toilet, N/A, tv, laptop, mouse, remote, keyboard, cell phone, microwave, oven, toaster, sink,
    refrigerator, N/A, book, clock, vase, scissors, teddy bear, hair drier, toothbrush
    """
)
VOC = _names(
    """
    __background__, aeroplane, bicycle, bird, boat, bottle, bus, car, cat, chair, cow, diningtable, dog,
    horse, motorbike, person, pottedplant, sheep, sofa, train, tvmonitor
    """
)

LABEL_SETS = {"coco": COCO, "voc": VOC}
