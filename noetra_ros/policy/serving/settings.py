"""What `noetra serve` is told: which model, where to listen, whom to trust, and the bounds of everything."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from noetra_ros.core.config import setting
from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.policy.serving.link_settings import DEFAULT_PORT, is_loopback
from noetra_ros.policy.serving.messages import MIB


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """Address and bounds of a server."""

    host: str = setting(description="address to listen on", default="127.0.0.1")
    port: int = setting(description="port; 0 = any free one", minimum=0, maximum=65535, default=DEFAULT_PORT)
    certificate: str = setting(description="PEM file; empty = plain text", default="")
    key: str = setting(description="PEM file with the certificate's key", default="")
    plain_text: bool = setting(
        description="true: pictures and tokens of other machines may come unencrypted", default=False
    )
    max_message_bytes: int = setting(
        "B", "a longer message ends its connection", minimum=1024, maximum=256 * MIB, default=32 * MIB
    )
    max_robots: int = setting(description="connections at a time", minimum=1, maximum=1000, default=16)
    send_within_s: float = setting(
        "s", "a robot that does not take its answer is disconnected", minimum=0.01, maximum=60.0, default=2.0
    )
    silence_s: float = setting(
        "s", "a lost robot is noticed within twice this", minimum=0.1, maximum=60.0, default=5.0
    )
    stuck_after_s: float = setting(
        "s", "an inference that takes longer makes the health page say so", minimum=0.1, default=30.0
    )

    def __post_init__(self) -> None:
        faults = []
        if bool(self.certificate) != bool(self.key):
            faults.append(Fault("certificate", f"{self.certificate!r}, key {self.key!r}", "both or neither"))
        if not (self.certificate or self.plain_text or is_loopback(self.host)):
            remedy = "give --certificate and --key, or --plain-text where the network is trusted"
            faults.append(Fault("certificate", f"none, host {self.host}", "one for other machines", remedy))
        if faults:
            raise ConfigError("serve", faults)

    def tls(self) -> ssl.SSLContext | None:
        """The server's half of TLS; None = plain text.

        Raises:
            ConfigError: certificate and key cannot be read or do not belong together.
        """
        if not self.certificate:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            got = f"{self.certificate}, {self.key} ({error})"
            raise single_fault("serve", "certificate", got, "a PEM certificate and its key") from error
        return context
