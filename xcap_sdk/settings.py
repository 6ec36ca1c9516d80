"""Configuration from the environment and .env files."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from xcap_sdk.auth import BearerAuth
from xcap_sdk.documents.limits import DEFAULT_LIMITS, PARSER_DEPTH, Limits
from xcap_sdk.errors import InvalidInput
from xcap_sdk.flows.conversation import TRIES
from xcap_sdk.profiles import load_profile
from xcap_sdk.protocol.profiles import ServerProfile
from xcap_sdk.protocol.wording import reason
from xcap_sdk.transport import Network
from xcap_sdk.transport.network import MAX_REPLY


class XcapSettings(BaseSettings):
    """What a client needs, each from XCAP_ and its name: XCAP_ROOT, XCAP_USER, XCAP_DEADLINE.

    Attributes:
        root: The XCAP root URI.
        user: The user whose documents are meant, as a URI.
        username: User name for Digest or Basic.
        password: Password for it.
        token: A bearer token, instead of those two.
        profile: A file with what is known of the server.
        intended_identity: For whom the client speaks, as for the client.
        preferred_identity: Likewise.
        timeout: Seconds to connect, and between two signs of life.
        deadline: Seconds that one call may take in all.
        tries: How often a request is made at most, as for Network.
        cleartext_credentials: Whether passwords and tokens may be sent where others can read them.
        ca_file: A file with the authorities to trust, in PEM, instead of the usual ones.
        cert_file: A file with the client's certificate, in PEM, and its key if there is no other for that.
        key_file: A file with that key.
        proxy: The URI of the proxy to use.
        http2: Whether to speak HTTP/2 where the server does.
        connections: How many connections are open at most.
        max_reply: How many bytes of a reply are read before it is given up.
        max_bytes: How many bytes a document may have; this and the next three as for Limits.
        max_depth: How many elements may be within each other.
        max_elements: How many elements a document may have.
        max_attributes: How many attributes an element may have.
        spans: Whether there are OpenTelemetry spans.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="XCAP_", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    root: str
    user: str | None = None
    username: str | None = None
    password: SecretStr | None = None
    token: SecretStr | None = None
    profile: Path | None = None
    intended_identity: str | None = None
    preferred_identity: str | None = None
    timeout: float | None = Field(default=None, gt=0)
    deadline: float | None = Field(default=None, gt=0)
    tries: int = Field(default=TRIES, ge=1)
    cleartext_credentials: bool = False
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    proxy: SecretStr | None = None
    http2: bool = False
    connections: int | None = Field(default=None, ge=1)
    max_reply: int = Field(default=MAX_REPLY, ge=1)
    max_bytes: int = Field(default=DEFAULT_LIMITS.max_bytes, ge=1)
    max_depth: int = Field(default=DEFAULT_LIMITS.max_depth, ge=1, le=PARSER_DEPTH)
    max_elements: int = Field(default=DEFAULT_LIMITS.max_elements, ge=1)
    max_attributes: int = Field(default=DEFAULT_LIMITS.max_attributes, ge=1)
    spans: bool = False

    @property
    def auth(self) -> tuple[str, str] | BearerAuth | None:
        """The token, or user name and password; None without them.

        Raises:
            InvalidInput: They do not go together, or the token cannot be sent.
        """
        if (self.username is None) != (self.password is None):
            raise InvalidInput("XCAP_USERNAME and XCAP_PASSWORD go together: set both or neither")
        if self.token is not None and self.username is not None:
            raise InvalidInput("XCAP_TOKEN or XCAP_USERNAME and XCAP_PASSWORD: set one or the other")
        if self.token is not None:
            return BearerAuth(self.token.get_secret_value(), cleartext=self.cleartext_credentials)
        if self.username is None or self.password is None:
            return None
        return self.username, self.password.get_secret_value()

    @property
    def network(self) -> Network:
        """How the server is reached.

        Raises:
            InvalidInput: A file with certificates cannot be read.
        """
        return Network(
            tries=self.tries,
            cleartext_credentials=self.cleartext_credentials,
            tls=self._tls(),
            proxy=None if self.proxy is None else self.proxy.get_secret_value(),
            http2=self.http2,
            connections=self.connections,
            max_reply=self.max_reply,
            limits=Limits(self.max_bytes, self.max_depth, self.max_elements, self.max_attributes),
            spans=self.spans,
        )

    def _tls(self) -> ssl.SSLContext | None:
        if self.ca_file is None and self.cert_file is None:
            return None
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
            if self.cert_file is not None:
                # Without a pass phrase given, OpenSSL would ask for it on the terminal, and wait.
                context.load_cert_chain(self.cert_file, self.key_file, password="")
        except (OSError, ValueError) as error:  # ssl.SSLError, too; names with a NUL
            raise InvalidInput(
                f"XCAP_CA_FILE, XCAP_CERT_FILE or XCAP_KEY_FILE: no certificates can be read there "
                f"({reason(error)}); they are files in PEM, the key without a pass phrase"
            ) from error
        return context

    @property
    def known_profile(self) -> ServerProfile | None:
        """What the file says of the server; None without one.

        Raises:
            InvalidInput: The file cannot be read, or holds no profile.
        """
        return None if self.profile is None else load_profile(self.profile)


def load_settings(
    env_file: Path | str | None = ".env",
    *,
    root: str | None = None,
    user: str | None = None,
    username: str | None = None,
    password: str | None = None,
) -> XcapSettings:
    """Read the settings.

    Args:
        env_file: A file with lines such as ``XCAP_ROOT=https://xcap.example.org``, for what the environment
            does not say; it need not be there. None for none.
        root: What counts before XCAP_ROOT; None for that.
        user: What counts before XCAP_USER.
        username: What counts before XCAP_USERNAME, and before XCAP_TOKEN.
        password: What counts before XCAP_PASSWORD, and before XCAP_TOKEN.

    Returns:
        The settings.

    Raises:
        InvalidInput: XCAP_ROOT is missing, or something is no good or does not go together.
    """
    named = {"root": root, "user": user, "username": username, "password": password}
    given: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    if username is not None or password is not None:
        given["token"] = None
    try:
        settings = XcapSettings(_env_file=env_file, **given)  # pyright: ignore[reportCallIssue] - of pydantic's
    except ValidationError as error:
        raise InvalidInput(
            f"{_problems(error)}: set that in the environment or in {env_file or 'a .env file'}"
        ) from None
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{env_file}: not in UTF-8, as a .env file has to be ({error})") from None
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{env_file}: cannot be read ({reason(error)})") from error
    if settings.key_file is not None and settings.cert_file is None:
        raise InvalidInput("XCAP_KEY_FILE is for the certificate in XCAP_CERT_FILE: set that, too")
    return settings


def _problems(error: ValidationError) -> str:
    """What is wrong with which variable, without its value, which may be a secret."""
    return "; ".join(
        f"XCAP_{'_'.join(map(str, problem['loc']))}".upper()
        + (" is missing" if problem["type"] == "missing" else f" is no good ({problem['msg']})")
        for problem in error.errors(include_input=False)
    )
