"""Configuration from the environment and .env files."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from xcap_sdk.errors import InvalidInput
from xcap_sdk.profiles import load_profile
from xcap_sdk.protocol.profiles import ServerProfile


class XcapSettings(BaseSettings):
    """What a client needs, from XCAP_ROOT, XCAP_USER, XCAP_USERNAME, XCAP_PASSWORD and XCAP_PROFILE.

    Attributes:
        root: The XCAP root URI.
        user: The user whose documents are meant, as a URI.
        username: User name for Digest or Basic.
        password: Password for it.
        profile: A file with what is known of the server.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="XCAP_", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    root: str
    user: str | None = None
    username: str | None = None
    password: SecretStr | None = None
    profile: Path | None = None

    @property
    def auth(self) -> tuple[str, str] | None:
        """User name and password; None without them."""
        if self.username is None or self.password is None:
            return None
        return self.username, self.password.get_secret_value()

    @property
    def known_profile(self) -> ServerProfile | None:
        """What the file says of the server; None without one.

        Raises:
            InvalidInput: The file cannot be read, or holds no profile.
        """
        return None if self.profile is None else load_profile(self.profile)


def load_settings(env_file: Path | str | None = ".env") -> XcapSettings:
    """Read the settings.

    Args:
        env_file: A file with lines such as ``XCAP_ROOT=https://xcap.example.org``, for what the environment
            does not say; it need not be there. None for none.

    Returns:
        The settings.

    Raises:
        InvalidInput: XCAP_ROOT is missing, or one of XCAP_USERNAME and XCAP_PASSWORD is.
    """
    try:
        settings = XcapSettings(_env_file=env_file)  # pyright: ignore[reportCallIssue] - root comes from the environment
    except ValidationError as error:
        names = ", ".join(f"XCAP_{'_'.join(map(str, problem['loc']))}".upper() for problem in error.errors())
        raise InvalidInput(
            f"set {names} in the environment or in {env_file or 'a .env file'}: missing or no good"
        ) from None
    if (settings.username is None) != (settings.password is None):
        raise InvalidInput("XCAP_USERNAME and XCAP_PASSWORD go together: set both or neither")
    return settings
