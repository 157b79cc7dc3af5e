"""The wheel holds the code and all that it reads, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "index", "qa")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built by the back end that is installed, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def kept() -> list[Path]:
    """Return the files of the packages, but for what running them leaves behind."""
    files = [path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file()]
    return [path for path in files if "__pycache__" not in path.parts]


def test_every_file_of_the_packages_is_in_the_wheel_byte_for_byte(wheel: zipfile.ZipFile) -> None:
    for path in kept():
        assert wheel.read(str(path.relative_to(ROOT))) == path.read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "corpus/bulletins/anyang-2021-3.txt",
        "index/stopwords.txt",
        "qa/cli.py",
        "qa/ranking.json",
        "qa/web/static/",
        "app.py",
    ],
)
def test_what_the_code_reads_is_in_the_wheel(wheel: zipfile.ZipFile, name: str) -> None:
    assert any(held.startswith(name) for held in wheel.namelist())


def test_nothing_else_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    expected = {str(path.relative_to(ROOT)) for path in kept()} | {"app.py"}
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == expected


def test_the_wheel_has_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    def held(suffix: str) -> str:
        return next(wheel.read(name).decode() for name in wheel.namelist() if name.endswith(suffix))

    assert "gongbao = qa.cli:main" in held("entry_points.txt")
    assert "Classifier: Private :: Do Not Upload" in held("METADATA")
    assert "MIT License" in held("LICENSE")
