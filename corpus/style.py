"""How a text is set: how wide its printed lines are, and how its file parts lines and paragraphs."""

from __future__ import annotations

from corpus.blocks import continues
from corpus.lines import INDENT, Line, Style, fills, shown, unit_widths, width

_MIN_CUT, _MIN_FILLED = 3, 0.7
"""Lines cut in mid-sentence, and the share of them that fill their printed lines, from which a width is
believed."""
_GAPS = (0.25, 0.0)
_MIN_APART, _MIN_APART_WRAPPED = 0.4, 0.1
_MIN_WRAPPED = 0.4


def style_of(lines: list[Line]) -> Style:
    """Return how the text that `lines` are is set.

    Line width and gap are learnt or else those of most issues.
    """
    blanks = sum(line.after_blank for line in lines) / max(len(lines), 1)
    wrapped = _is_wrapped(lines)
    apart = blanks >= (_MIN_APART_WRAPPED if wrapped else _MIN_APART)
    style = Style(apart=apart, wrapped=wrapped)
    cut = [
        line.text
        for before, line, after in zip([None, *lines], lines, lines[1:], strict=False)
        if (after.after_blank or not apart)
        and continues(line, after)
        and not (before and continues(before, line))
    ]
    if len(cut) < _MIN_CUT:
        return style
    likely = [
        style._replace(line_width=line_width, gap=gap, learnt=True)
        for gap in _GAPS
        for line_width in _line_widths(cut, gap)
    ]
    filled = [sum(fills(words, guess, INDENT) for words in cut) for guess in likely]
    best = filled.index(max(filled))
    return likely[best] if filled[best] >= _MIN_FILLED * len(cut) else style


def _is_wrapped(lines: list[Line]) -> bool:
    """Whether many lines are about as wide as the widest but few, so that they are printed lines."""
    widths = sorted(width(shown(line.text)) for line in lines)
    widest = widths[int(0.95 * len(widths))] if widths else 0.0
    full = sum(0.88 * widest <= wide <= 1.05 * widest for wide in widths)
    return widest <= 60.0 and full >= _MIN_WRAPPED * len(widths)


def _line_widths(cut: list[str], gap: float) -> list[float]:
    """Return the few widths of a line, in halves, that most widths of `cut` are multiples of.

    What stands before a break in mid-sentence fills its printed lines.
    """
    widths = [sum(unit_widths(words, gap)) + INDENT for words in cut]

    def multiples(line_width: float) -> float:
        fits = sum(min(wide % line_width, line_width - wide % line_width) <= 1.0 for wide in widths)
        return fits / len(widths) - 3.0 / line_width  # less what chance would fit

    return sorted((half / 2 for half in range(32, 121)), key=multiples, reverse=True)[:4]
