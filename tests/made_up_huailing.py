"""The bulletin of an invented county, set by `made_up` with other conventions than the invented city's.

Its contents go by kind of document and are not numbered. `python tests/made_up_huailing.py` writes the
committed files anew.
"""

from __future__ import annotations

import json
from dataclasses import replace

from made_up import DATA, Format, Issue, Layout, gold, read_source, typeset

FOLDER = DATA / "huailing"
FORMAT = Format(width=34, height=28, first_page=5, title_width=23)


def issue() -> Issue:
    read = read_source((FOLDER / "source.md").read_text(encoding="utf-8"))
    documents = (replace(one, numbered=False, brackets="wide") for one in read.documents)
    return replace(read, documents=tuple(documents))


def huailing() -> Layout:
    return typeset(issue(), FORMAT)


def files() -> dict[str, str]:
    """Return the generated files of the bulletin by name."""
    layout = huailing()
    return {
        "huailing-2022-2.txt": layout.text,
        "gold.json": json.dumps(gold(layout), ensure_ascii=False, indent=1) + "\n",
    }


if __name__ == "__main__":
    for name, content in files().items():
        (FOLDER / name).write_text(content, encoding="utf-8", newline="\n")
