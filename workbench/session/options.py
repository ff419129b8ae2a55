"""How a session is opened: what starts with it and what is overridden for this run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What a door asks for; None leaves a setting as the workspace has it."""

    environment: str | None = None
    identity: str | None = None
    start_sandbox: bool = True
    start_receiver: bool = True
    reply_delay_s: float | None = None
    """Seconds before each asynchronous reply of the embedded partner; `run` uses 0 so that nothing waits."""

    def flags(self) -> dict[str, str]:
        """The settings that this run overrides, as the command line would write them."""
        found: dict[str, str] = {}
        if self.environment is not None:
            found["environment"] = self.environment
        if self.identity is not None:
            found["identity"] = self.identity
        if self.reply_delay_s is not None:
            for name in ("interim_delay_s", "full_delay_s", "safeguarding_delay_s"):
                found[name] = str(self.reply_delay_s)
        return found
