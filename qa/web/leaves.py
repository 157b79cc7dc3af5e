"""Pictures of the pages of kept files, drawn when they are first asked for; the latest stay in memory."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.readers.picture import picture_of

if TYPE_CHECKING:
    from index.library import Library

MAX_BYTES = 48 * 1024 * 1024
"""Of all pictures that are kept: some 200 pages of print, or a dozen scans."""
AT_ONCE = 2
"""Pages that are drawn at a time; each takes a process, and others are to be answered meanwhile."""

log = logging.getLogger(__name__)


class Leaves:
    """The pictures of the pages of any library; all calls come from one event loop."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._kept: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
        self._bytes, self._max_bytes = 0, max_bytes
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def png(self, library: Library, bulletin_id: str, pdf_page: int) -> bytes:
        """Return a page of a bulletin's file, counted from 1, as PNG; nothing where there is no such picture.

        A page that cannot be drawn is not tried again.
        """
        seal = (await asyncio.to_thread(lambda: library.kept)).get(bulletin_id)
        if seal is None:
            return b""
        key = (bulletin_id, seal, pdf_page)
        async with self._turn:
            if key not in self._kept:
                drawn = await asyncio.to_thread(_drawn, library, bulletin_id, pdf_page)
                return self._keep(key, drawn)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: tuple[str, str, int], png: bytes) -> bytes:
        """Keep a picture, and as many of those that were used last as there is room for."""
        self._bytes += len(png) - len(self._kept.pop(key, b""))
        self._kept[key] = png
        while self._bytes > self._max_bytes and len(self._kept) > 1:
            self._bytes -= len(self._kept.popitem(last=False)[1])
        return png


def _drawn(library: Library, bulletin_id: str, pdf_page: int) -> bytes:
    data = library.file(bulletin_id)
    if data is None:
        return b""
    try:
        return picture_of(data, pdf_page)
    except ReadError as error:
        log.warning("%s, page %d of its file: %s", bulletin_id, pdf_page, error)
        return b""
