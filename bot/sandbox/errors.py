"""What the sandbox refuses, in Slack's own words."""

from collections.abc import Sequence

from bot.sandbox.state.ids import Obj


class SandboxError(Exception):
    """The root: the sandbox stands by itself and does not share the product's errors."""


class SlackError(SandboxError):
    """A call that Slack answers with `ok: false`; `code` is Slack's error code, `detail` is merged into the answer."""

    def __init__(self, code: str, *, detail: Obj | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail: Obj = detail or {}

    @classmethod
    def with_messages(cls, code: str, messages: Sequence[str]) -> "SlackError":
        """Build a refusal that points at what is wrong, as Slack does for blocks and views."""
        return cls(
            code,
            detail={
                "errors": list(messages),
                "response_metadata": {"messages": [f"[ERROR] {message}" for message in messages]},
            },
        )


class NotPossible(SandboxError):
    """A person of the sandbox tried what Slack's client would not offer them (no such button, no open form)."""
