"""Every setting, once. Flags go before the environment, that before scenekeeper.toml, that before defaults."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated

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


class Settings(BaseSettings):
    """Configuration. Each field is also a flag (``--max-queue``) and a variable (``SCENEKEEPER_MAX_QUEUE``)."""

    model_config = SettingsConfigDict(
        env_prefix="SCENEKEEPER_", toml_file="scenekeeper.toml", extra="forbid", populate_by_name=True
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

    @field_validator("allowed_origins", "allowed_hosts", mode="before")
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
