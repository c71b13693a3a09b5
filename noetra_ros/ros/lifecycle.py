"""What all our nodes share: read parameters first, activate themselves, report set-up faults."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from noetra_ros.core.errors import ConfigError, NoetraError
from noetra_ros.ros.kept_in_memory import end_last, lock_memory
from noetra_ros.ros.parameters import NodeSettings, declare_settings, require_sim_time
from noetra_ros.ros.urgency import at_ease, settle_memory

SettingsT = TypeVar("SettingsT", bound=NodeSettings)


class GraphNode(LifecycleNode, Generic[SettingsT]):
    """A lifecycle node with typed settings; subclasses write what happens at each transition.

    A `ConfigError` in `configure` or `activate` is kept in `setup_error`; the node then stays where it was,
    and `spin.run_node` prints it and ends the process with code 2.

    Args:
        name: node name.
        settings_type: frozen dataclass of its parameters.
        **node_arguments: passed on to rclpy (parameter_overrides, namespace, ...).

    Raises:
        ConfigError: wrong parameters, all at once.
    """

    takes_sim_time = True  # the simulation itself gives it
    niceness = 0  # below 0: goes before others where the system allows it (control path, real time)
    is_kept_in_memory = False  # where the system allows it, and ended last: on the way of each command

    def __init__(self, name: str, settings_type: type[SettingsT], **node_arguments: Any) -> None:
        super().__init__(name, **node_arguments)
        self.setup_error: NoetraError | None = None
        try:
            self.settings = declare_settings(self, settings_type, name)
            require_sim_time(self, self.settings.lock_step and self.takes_sim_time)
        except ConfigError:
            self.destroy_node()
            raise

    def configure(self) -> None:
        """Build the core, make publishers and subscriptions."""

    def activate(self) -> None:
        """Begin to work: start timers, accept input."""

    def deactivate(self) -> None:
        """Stop working; the node can be activated again."""

    def cleanup(self) -> None:
        """Give back what `configure` made."""

    def start(self) -> None:
        """Configure and activate where `autostart` says so.

        Raises:
            NoetraError: what kept the node from starting.
        """
        if not self.settings.autostart:
            return
        for step in (self.trigger_configure, self.trigger_activate):
            if step() != TransitionCallbackReturn.SUCCESS:
                raise self.setup_error or NoetraError(f"{self.get_name()} could not start: see the log above")

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Transition unconfigured -> inactive."""
        return self._attempt(self.configure, super().on_configure, state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Transition inactive -> active."""
        if self.is_kept_in_memory and not self.settings.lock_step:
            at_ease(lock_memory)
            end_last()
        if self.niceness < 0:
            settle_memory()  # takes a tenth of a second: before anything is late for it
        return self._attempt(self.activate, super().on_activate, state, managed_first=True)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Transition active -> inactive."""
        return self._attempt(self.deactivate, super().on_deactivate, state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Transition inactive -> unconfigured."""
        return self._attempt(self.cleanup, super().on_cleanup, state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Deactivates before the end, so that nothing is left moving."""
        if state.label == "active":
            self.deactivate()
        if state.label != "unconfigured":
            self.cleanup()
        return super().on_shutdown(state)

    def _attempt(
        self,
        own: Callable[[], None],
        managed: Callable[[LifecycleState], TransitionCallbackReturn],
        state: LifecycleState,
        managed_first: bool = False,
    ) -> TransitionCallbackReturn:
        """Run a step and that of rclpy's managed entities; a wrong set-up fails the transition."""
        try:
            if managed_first:
                managed(state)
            own()
        except ConfigError as error:
            self.setup_error = error
            if not self.settings.autostart:  # else `start` raises it to whoever runs the node
                self.get_logger().fatal(str(error))
            return TransitionCallbackReturn.FAILURE
        except Exception as error:  # rclpy would drop it without a word
            self.setup_error = NoetraError(f"{type(error).__name__}: {error}")
            self.get_logger().fatal(traceback.format_exc())
            return TransitionCallbackReturn.FAILURE
        return TransitionCallbackReturn.SUCCESS if managed_first else managed(state)
