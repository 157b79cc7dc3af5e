"""What a run is told, from arguments and environment; unpacked in `commands.py`."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from index.embedding import BUILT_IN

NO_LLM = "none"
_ON = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the library is, which model embeds, where the page is served, which model words answers.

    `port` is None for what `serve` decides; `llm` is `provider:model`, "" for none; `llm_url` is its server,
    "" for the provider's own; `llm_understand` has it also split and rewrite questions.
    """

    library: Path
    model: str = BUILT_IN
    host: str = "127.0.0.1"
    port: int | None = None
    llm: str = ""
    llm_url: str = ""
    llm_understand: bool = False


def settings(
    library: str | None = None,
    model: str | None = None,
    host: str | None = None,
    port: int | None = None,
    llm: str | None = None,
    llm_understand: bool = False,
) -> Settings:
    """Return the settings: an argument, else the environment, else the default."""
    folder = Path(
        library or os.environ.get("GONGBAO_LIBRARY") or platformdirs.user_data_dir("gongbao", appauthor=False)
    )
    with suppress(RuntimeError):  # ~ of nobody on this machine: a folder of that name
        folder = folder.expanduser()
    named = (llm or os.environ.get("GONGBAO_LLM") or NO_LLM).strip()
    return Settings(
        folder,
        model or os.environ.get("GONGBAO_MODEL") or BUILT_IN,
        host or "127.0.0.1",
        port,
        "" if named.lower() == NO_LLM else named,
        os.environ.get("GONGBAO_LLM_URL", "").strip(),
        llm_understand or os.environ.get("GONGBAO_LLM_UNDERSTAND", "").strip().lower() in _ON,
    )
