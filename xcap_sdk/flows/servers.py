"""What is known of the server that a client talks to."""

from __future__ import annotations

from typing import Final

from xcap_sdk.flows.conversation import Session

CONFORMANT: Final = ("xcap-sdk/",)
"""How the Server header starts where writes of single nodes are known to follow RFC 4825 §8."""


def writes_nodes(session: Session) -> bool:
    """Whether the server is known to write single nodes as RFC 4825 says.

    Args:
        session: The client's session.

    Returns:
        What the user said of it; else whether its last reply came from such a server.
    """
    if session.node_writes is not None:
        return session.node_writes
    return session.memory.server.startswith(CONFORMANT)
