"""The error of this package, and what it shares with those of the others: its words in both languages."""

from __future__ import annotations

from pathlib import Path


class ToldError(Exception):
    """An error that people are told, in both languages of the interface; as text it is the Chinese one."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(chinese, english)

    def __str__(self) -> str:
        return self.told("zh")

    def told(self, language: str) -> str:
        """Return the words in a language (`zh`, `en`)."""
        chinese, english = self.args
        return str(english if language == "en" else chinese)


def told_by(error: BaseException, language: str) -> str:
    """Return the words of any error in a language; one that is no `ToldError` has the same in all."""
    return error.told(language) if isinstance(error, ToldError) else str(error)


class ReadError(ToldError, ValueError):
    """A file that cannot be read as a bulletin: where, what was found against expected, what to do.

    Attributes:
        path: The file, named first in the words; None while only a caller knows it.
    """

    def __init__(self, chinese: str, english: str, path: Path | None = None) -> None:
        super().__init__(chinese, english)
        self.path = path

    def told(self, language: str) -> str:
        """Return the words in a language, the file before them."""
        words = super().told(language)
        return f"{self.path}: {words}" if self.path else words


def too_large(size: int, limit: int, path: Path) -> ReadError:
    """Return the error for a file of more bytes than an issue has."""
    found, most = f"{size / 1e6:.0f} MB", f"{limit / 1e6:.0f} MB"
    return ReadError(
        f"文件大小为 {found}，一期公报应不超过 {most}。请按期拆分，再分别添加。",
        f"{found}, expected at most {most} for one issue. Split the file into its issues and add those.",
        path,
    )
