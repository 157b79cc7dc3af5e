"""The README in both languages says what there is: every command, every file, every address of a place."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from qa.cli import parser
from qa.web.address import KINDS

ROOT = Path(__file__).parents[1]
READMES = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]
MAP = READMES[0].split("## The code\n")[1].split("```")[1]
PACKAGES = ("corpus", "index", "qa", "qa/evaluation", "qa/web")
"""Those whose every file the map names; the readers and tests go by their folder."""
_UNTOLD = {"--help", "--library"}
"""Options that every command has."""


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the commands by their names."""
    (action,) = (one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    return dict(action.choices)


def modules() -> dict[str, set[str]]:
    """Return the modules that the map names in each folder, `*` standing for the rest of a name."""
    found: dict[str, set[str]] = {}
    package = folder = ""
    for line in MAP.splitlines():
        if top := re.match(r"(\w+)/", line):
            package = folder = top[1]
        elif below := re.match(r"  (\w+)/", line):
            folder = f"{package}/{below[1]}"
        elif re.match(r"\w", line):
            folder = ""
        elif re.match(r"  \w", line):
            folder = package
        found.setdefault(folder, set()).update(re.findall(r"[\w*]+\.py\b", line))
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_of_the_code_names_every_file(package: str) -> None:
    there = {path.name for path in (ROOT / package).glob("[!_]*.py")}
    untold = {name for name in there if not any(Path(name).match(told) for told in modules()[package])}
    assert untold == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_of_the_code_names_no_file_that_is_not_there(package: str) -> None:
    gone = {told for told in modules()[package] if not list((ROOT / package).glob(told))}
    assert gone == set()


@pytest.mark.parametrize("readme", READMES, ids=("en", "zh"))
def test_every_command_and_option_stands_in_the_readme(readme: str) -> None:
    rows = [line for line in readme.splitlines() if line.startswith("| `gongbao ")]
    told = {name: [row for row in rows if re.search(rf"`(?:gongbao )?{name}\b", row)] for name in commands()}
    options = {
        f"{name} {option}"
        for name, command in commands().items()
        for option in command._option_string_actions
        if option.startswith("--") and option not in _UNTOLD and not any(option in row for row in told[name])
    }
    assert [name for name, own in told.items() if not own] == []
    assert options == set()


@pytest.mark.parametrize("readme", READMES, ids=("en", "zh"))
def test_every_kind_of_permanent_link_stands_in_the_readme(readme: str) -> None:
    assert [kind for kind in KINDS if f"`/?{kind}=" not in readme] == []
