"""Tell a running graph what to do, by a sentence, and watch it."""

from __future__ import annotations

import math
import signal
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from noetra_ros.cli.run_screen import Screen, Task
from noetra_ros.core.errors import single_fault
from noetra_ros.core.wording import Wording, wordings

EXIT_CODES = {
    "time_limit": 0,
    "completed": 0,
    "canceled": 3,
    "safety_latched": 4,
    "policy_fault": 5,
    "refused": 6,
}
EXIT_NO_GRAPH = 1


def command(
    instruction: Annotated[str, typer.Argument(help='What to do, e.g. "pick up the red cube".')],
    time_limit: Annotated[float, typer.Option(help="Seconds of robot time.")] = 30.0,
    arm: Annotated[bool, typer.Option("--arm", help="Arm the supervisor first. Look at the robot.")] = False,
    namespace: Annotated[str, typer.Option(help="Namespace of the graph.")] = "",
    timeout: Annotated[float, typer.Option(help="Seconds that an answer of the graph may take.")] = 10.0,
    language: Annotated[
        str, typer.Option(help="en, ja or both; default: what the supervisor is set to.")
    ] = "",
) -> None:
    """Send one sentence to the policy of a running graph and wait for its end; Ctrl-C cancels it.

    Exit codes: 0 time is up or done, 1 no graph answers, 2 wrong arguments, 3 canceled, 4 the supervisor has
    latched (emergency stop or fault), 5 the model failed, 6 refused.
    """
    if not instruction.strip():
        raise single_fault("noetra run", "instruction", "nothing", "a sentence")
    if not (math.isfinite(time_limit) and time_limit > 0):
        raise single_fault("noetra run", "--time-limit", time_limit, "a number of seconds above 0")
    words = wordings(language) if language else None
    raise typer.Exit(follow(Task(instruction, time_limit, arm), namespace, timeout, words, Console()))


def follow(
    task: Task, namespace: str, timeout_s: float, words: Sequence[Wording] | None, console: Console
) -> int:
    """Run one goal to its end; gives the exit code.

    Args:
        task: what is asked for.
        namespace: of the graph.
        timeout_s: s that an answer may take.
        words: languages to tell it in; None = those that the supervisor is set to.
        console: where it is told.
    """
    from noetra_ros.cli.graph_words import end_reason_name  # rclpy: not for `noetra --help`
    from noetra_ros.cli.task_client import NoAnswerError, TaskClient

    interrupt = Interrupt()
    interrupt.install()
    try:
        with TaskClient(namespace, timeout_s, lambda: interrupt.is_set) as client:
            client.connect()
            screen = Screen(console, task, words or wordings(client.language()))
            refusal = client.arm() if task.arm else ""
            if refusal:
                screen.tell("refused", "red", reason=refusal)
                return EXIT_CODES["refused"]
            client.send(task.instruction, task.time_limit_s)
            with screen.progress():
                result = _watch(client, screen, interrupt)
    except NoAnswerError as error:
        console.print(str(error), style="red", markup=False)
        return EXIT_CODES["canceled"] if interrupt.is_set else EXIT_NO_GRAPH
    reason = end_reason_name(result.end_reason)
    is_good = EXIT_CODES.get(reason, EXIT_NO_GRAPH) == 0
    screen.tell_end(reason, result.duration_s, result.detail, "green" if is_good else "red")
    return EXIT_CODES.get(reason, EXIT_NO_GRAPH)


class Interrupt:
    """Set by Ctrl-C and SIGTERM: the goal is then canceled."""

    def __init__(self) -> None:
        self.is_set = False

    def install(self) -> None:
        """Take over both signals."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self.is_set = True


def _watch(client: Any, screen: Screen, interrupt: Interrupt) -> Any:
    """Spin until the goal has ended; gives its result.

    Raises:
        NoAnswerError: the policy has gone.
    """
    from noetra_ros.cli.task_client import NoAnswerError

    while client.result is None:
        client.spin()
        if interrupt.is_set:
            client.cancel()
        elif not client.is_policy_there:
            raise NoAnswerError("the policy has gone; the supervisor stops the robot")
        elif client.safety is not None:
            screen.show(client.safety, client.feedback.elapsed_s if client.feedback is not None else 0.0)
    return client.result
