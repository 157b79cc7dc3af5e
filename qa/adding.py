"""`gongbao add`: files and folders into the library, with bars; what failed is told at the end.

What becomes of each file is `importing.py`.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable

from index.library import Library
from index.upkeep import Progress
from qa.files import InputError
from qa.importing import What, files_in, import_files

_DONE, _FAILED, _INTERRUPTED = 0, 1, 130
_WORDS = {What.ADDED: "添加", What.REPLACED: "替换", What.SAME: "已有", What.FAILED: "失败"}
Print = Callable[[str], None]


def add(
    arguments: Namespace, opened: Callable[[], Library], on_progress: Progress, show: Print, say: Print
) -> int:
    """Add what the arguments name and return the exit code: 1 if a file failed, 130 if interrupted.

    Args:
        arguments: `files`, `id` and `allow_partial`.
        opened: Opens the library.
        on_progress: Draws the bars.
        show: Prints a line of output.
        say: Prints a message beside it.

    Raises:
        InputError: If there is an id for several files.
    """
    files = files_in(arguments.files)
    if arguments.id and len(files) > 1:
        raise InputError(f"--id 只能配一个文件，文件夹里有 {len(files)} 个。请逐个添加。")
    library, done, failed = opened(), Counter[What](), []
    options = {"bulletin_id": arguments.id, "allow_partial": arguments.allow_partial}
    try:
        for outcome in import_files(files, library, on_progress=on_progress, **options):
            done[outcome.what] += 1
            if outcome.what is What.FAILED:
                failed.append(outcome.message)
            else:
                _above_bars(show, outcome.message)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        say(f"已中断：{len(files)} 个文件中做完 {done.total()} 个，做完的都在文库中，其余的未动。")
        return _INTERRUPTED
    for message in failed:
        say(message)
    if len(files) > 1:
        told = "，".join(f"{words} {done[what]}" for what, words in _WORDS.items() if done[what])
        show(f"共 {len(files)} 个文件：{told}")
    return _FAILED if failed else _DONE


def _above_bars(show: Print, words: str) -> None:
    """Print a line beside progress bars without tearing them."""
    if not sys.stderr.isatty():
        show(words)
        return
    from tqdm import tqdm

    with tqdm.external_write_mode():
        show(words)
        sys.stdout.flush()
