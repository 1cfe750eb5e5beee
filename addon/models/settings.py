"""Every setting, once. Flags go before the environment, that before scenekeeper.toml, that before defaults."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

__all__ = ["Settings", "is_loopback"]


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_near(host: str) -> bool:
    """Whether a host is this machine or an address of a private network."""
    try:
        return is_loopback(host) or ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _is_plain_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return is_web and port_is_valid and re.fullmatch(r"[!-~]+", url) is not None and not re.search(r"[@?#\\]", url)


class Settings(BaseSettings):
    """Configuration. Each field is also a flag (``--max-queue``) and a variable (``SCENEKEEPER_MAX_QUEUE``)."""

    model_config = SettingsConfigDict(
        env_prefix="SCENEKEEPER_",
        toml_file="scenekeeper.toml",
        extra="forbid",
        populate_by_name=True,
        # Errors are shown to people and logged; what was given may hold a token or a key.
        hide_input_in_errors=True,
    )

    output: Path = Field(default=Path("output"), description="Folder of all sessions")
    bind: str = Field(default="127.0.0.1", description="Address to serve on; anything but loopback needs a token")
    port: int = Field(default=5002, ge=0, le=65535, description="Port to serve on; 0 picks a free one")
    token: SecretStr | None = Field(default=None, description="Required as 'Authorization: Bearer …' when set")
    allowed_origins: Annotated[list[str], NoDecode] = Field(
        default=[], description="Web origins that may call, comma-separated, e.g. https://app.example"
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default=[], description="Further names that the Host header may carry, comma-separated"
    )
    max_queue: int = Field(default=10_000, ge=1, description="Pending sessions; more are answered 429")
    max_attempts: int = Field(default=3, ge=1, description="Deaths at one stage before a session is failed")
    hang_deadline_s: float = Field(
        default=60, gt=0, description="Seconds without a beat of Blender's main thread before it is killed"
    )
    silence_deadline_s: float = Field(
        default=20, gt=0, description="Seconds without an HTTP answer from Blender before it is killed"
    )
    start_deadline_s: float = Field(default=120, gt=0, description="Seconds that Blender may take to start")
    cancel_grace_s: float = Field(
        default=1.5,
        ge=0,
        description="Seconds that a stage may take to notice a cancel before Blender is replaced",
    )
    stop_deadline_s: float = Field(default=8, gt=0, description="Seconds that Blender may take to stop cleanly")
    blender: str = Field(
        default="",
        validation_alias="BLENDER",
        description="A Blender program; empty: look for one; 'bpy': the module",
    )
    recipes: Path | None = Field(default=None, description="A folder of your own recipes")
    assets: Annotated[list[Path], NoDecode] = Field(
        default=[], description="Folders with asset libraries of your own, comma-separated"
    )
    model_url: str = Field(
        default="",
        description="Base address of a language model, e.g. http://127.0.0.1:11434/v1; empty: plan offline",
    )
    model_name: str = Field(default="", max_length=200, description="The language model to ask there")
    model_key: SecretStr | None = Field(default=None, description="Its key, where it wants one")
    model_timeout_s: float = Field(
        default=180,
        gt=0,
        le=3600,
        description="Seconds that the model may take for a plan, with retries; then the plan is made offline",
    )

    @field_validator("allowed_origins", "allowed_hosts", "assets", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: list[str]) -> list[str]:
        for origin in value:
            if not re.fullmatch(r"https?://[^/\s]+", origin):
                raise ValueError(f"{origin!r} is not an origin such as https://app.example")
        return value

    @field_validator("model_url")
    @classmethod
    def _is_endpoint(cls, value: str) -> str:
        if value and not _is_plain_address(value):
            raise ValueError(
                "is not an address such as http://127.0.0.1:11434/v1 (no user name, query or fragment in it)"
            )
        return value

    @field_validator("model_key")
    @classmethod
    def _is_key(cls, value: SecretStr | None) -> SecretStr | None:
        key = value.get_secret_value().strip() if value else ""
        if not re.fullmatch(r"[!-~]*", key):
            raise ValueError("has characters that no key has")
        return SecretStr(key) if key else None

    @model_validator(mode="after")
    def _model_is_whole(self) -> "Settings":
        if not self.model_url:
            return self
        if not self.model_name.strip():
            raise ValueError("model_url is set: set model_name (SCENEKEEPER_MODEL_NAME) as well")
        address = urlsplit(self.model_url)
        if self.model_key is not None and address.scheme == "http" and not _is_near(address.hostname or ""):
            raise ValueError("model_key would travel readable for everybody: use https for model_url")
        return self

    @model_validator(mode="after")
    def _open_needs_token(self) -> "Settings":
        if not is_loopback(self.bind) and (self.token is None or not self.token.get_secret_value().strip()):
            raise ValueError(
                f"serving on {self.bind} makes this reachable from other machines: set SCENEKEEPER_TOKEN first, "
                "or bind 127.0.0.1"
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, environment, scenekeeper.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
