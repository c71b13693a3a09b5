"""Offers a policy to robots: who may connect, what they may send, and what they get for it."""

from __future__ import annotations

import http
import json
import logging
import time
from typing import TYPE_CHECKING

from noetra_ros.policy.serving.engine import Engine, EngineTraits
from noetra_ros.policy.serving.exchange import Exchange
from noetra_ros.policy.serving.health import Health, RobotRecord, ServingRecord, health_of
from noetra_ros.policy.serving.health_page import page_of
from noetra_ros.policy.serving.messages import SUBPROTOCOL
from noetra_ros.policy.serving.settings import ServerSettings
from noetra_ros.policy.serving.tokens import Tokens

if TYPE_CHECKING:
    from websockets.asyncio.server import Server, ServerConnection
    from websockets.http11 import Request, Response

log = logging.getLogger(__name__)
HANDSHAKE_S = 5.0
FAREWELL_S = 1.0
TRY_AGAIN_LATER = 1013


class PolicyServer:
    """Speaks the protocol of `messages` on one port, and answers browsers on the same.

    Args:
        engine: computes the answers; started and stopped with the server.
        settings: address and bounds.
        tokens: who may ask.
    """

    def __init__(self, engine: Engine, settings: ServerSettings, tokens: Tokens) -> None:
        self.record = ServingRecord()
        self._engine, self._settings, self._tokens = engine, settings, tokens
        self._connections: dict[str, ServerConnection] = {}
        self._traits: EngineTraits | None = None
        self._server: Server | None = None

    @property
    def traits(self) -> EngineTraits:
        """What the engine can do; known once the server has started."""
        assert self._traits is not None, "start() first"
        return self._traits

    @property
    def port(self) -> int:
        """The port that is listened on."""
        assert self._server is not None, "start() first"
        return int(next(iter(self._server.sockets)).getsockname()[1])

    async def start(self) -> None:
        """Load the model, then listen.

        Raises:
            ConfigError: certificate or model are wrong.
            OSError: the address cannot be listened on.
        """
        from websockets.asyncio.server import serve
        from websockets.typing import Subprotocol

        settings, tls = self._settings, self._settings.tls()
        self._traits = await self._engine.start()
        self._server = await serve(
            self._converse,
            settings.host,
            settings.port,
            ssl=tls,
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            origins=[None],  # a page in a browser may not ask in the name of whoever looks at it
            process_request=self._admit,
            server_header=None,
            compression=None,
            open_timeout=HANDSHAKE_S,
            ping_interval=settings.silence_s,
            ping_timeout=settings.silence_s,
            close_timeout=FAREWELL_S,
            max_size=settings.max_message_bytes,
            max_queue=2,
        )

    async def stop(self) -> None:
        """Listen no longer, end the connections, give the model back."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        await self._engine.stop()

    def health(self) -> Health:
        """The state now."""
        is_stuck = self._engine.busy_s() > self._settings.stuck_after_s
        return health_of(self.record, self.traits.spec.model, is_stuck)

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer a browser; let a robot in with its token, or say why not."""
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return self._page(connection, request)
        robot = self._robot_of(request)
        if robot is None:
            self.record.counts["refused: no valid token"] += 1
            return connection.respond(http.HTTPStatus.UNAUTHORIZED, "no token of a robot known here\n")
        if words := self._no_room_for(robot):
            self.record.counts["refused: no room"] += 1
            return connection.respond(http.HTTPStatus.SERVICE_UNAVAILABLE, words + "\n")
        return None

    def _page(self, connection: ServerConnection, request: Request) -> Response:
        path, health = request.path.partition("?")[0], self.health()
        status = http.HTTPStatus.SERVICE_UNAVAILABLE if health.is_stuck else http.HTTPStatus.OK
        if path == "/healthz":  # for load balancers: no secret, no news
            return connection.respond(status, health.state + "\n")
        if path not in ("/", "/health.json"):
            return connection.respond(http.HTTPStatus.NOT_FOUND, "there are /, /health.json and /healthz\n")
        if self._robot_of(request, "basic", "bearer") is None:
            response = connection.respond(http.HTTPStatus.UNAUTHORIZED, "the password is a robot's token\n")
            response.headers["WWW-Authenticate"] = 'Basic realm="noetra serve"'
            return response
        is_json = path == "/health.json"
        text = json.dumps(health.as_json(), indent=1) if is_json else page_of(health)
        response = connection.respond(status, text)
        del response.headers["Content-Type"]
        response.headers["Content-Type"] = "application/json" if is_json else "text/html; charset=utf-8"
        response.headers["Cache-Control"] = "no-store"
        return response

    async def _converse(self, connection: ServerConnection) -> None:
        """One connection of one robot, from greeting to end."""
        robot = self._robot_of(connection.request)
        if robot is None or (words := self._no_room_for(robot)):  # another came in during the handshake
            await connection.close(TRY_AGAIN_LATER, words if robot else "")
            return
        if (older := self._connections.get(robot)) is not None:  # the robot knows better that it is lost
            older.transport.abort()
            self.record.counts["connection replaced"] += 1
        host, port = connection.remote_address[:2]
        self._connections[robot] = connection
        self.record.robots[robot] = record = RobotRecord(f"{host}:{port}", time.monotonic())
        log.info("%s connects from %s", robot, record.address)
        try:
            await Exchange(self._engine, self.traits, self._settings, self.record, robot, connection).run()
        finally:
            if self._connections.get(robot) is connection:
                del self._connections[robot], self.record.robots[robot]
                self._engine.leave(robot)
            log.info("%s at %s has gone", robot, record.address)

    def _robot_of(self, request: Request | None, *schemes: str) -> str | None:
        """The robot whose token a request carries."""
        header = request.headers.get("Authorization", "") if request is not None else ""
        found = (self._tokens.robot_of_header(header, scheme) for scheme in schemes or ("bearer",))
        return next((robot for robot in found if robot is not None), None)

    def _no_room_for(self, robot: str) -> str:
        """Why a robot cannot be served now; empty = it can."""
        others = len(self._connections) - (robot in self._connections)
        allowed, model = self.traits.max_robots, self.traits.spec.model
        if allowed and others >= allowed:
            return f"{model} remembers its robot and serves {allowed} at a time"
        if others >= self._settings.max_robots:
            return f"{others} robots are connected, more are not allowed"
        return ""
