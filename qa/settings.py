"""What a run is told: built once in `cli.py` or `app.py` from arguments and environment, and unpacked there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from index.embedding import BUILT_IN


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the library is, which model embeds, and where the page is served (port None: 7860 or the next free one)."""

    library: Path
    model: str = BUILT_IN
    host: str = "127.0.0.1"
    port: int | None = None


def settings(
    library: str | None = None, model: str | None = None, host: str | None = None, port: int | None = None
) -> Settings:
    """Return the settings: an argument, else the environment, else the default."""
    folder = library or os.environ.get("GONGBAO_LIBRARY") or platformdirs.user_data_dir("gongbao", appauthor=False)
    return Settings(
        Path(folder).expanduser(),
        model or os.environ.get("GONGBAO_MODEL") or BUILT_IN,
        host or "127.0.0.1",
        port,
    )
