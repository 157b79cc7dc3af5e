"""The theme: paper and ink in system fonts; nothing is fetched. Sizes and places are in `static/page.css`."""

from __future__ import annotations

from typing import Any

import gradio as gr

SANS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif")
MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")
_LIGHT = {
    "body_background_fill": "#f6f3ec",
    "body_text_color": "#26241f",
    "background_fill_primary": "#fffdf8",
    "background_fill_secondary": "#f1ede3",
    "border_color_primary": "#ddd6c6",
    "button_primary_background_fill": "#8a2b1f",
    "button_primary_background_fill_hover": "#742318",
    "button_primary_text_color": "#ffffff",
    "button_secondary_background_fill": "#fffdf8",
    "button_secondary_background_fill_hover": "#f1ede3",
    "button_secondary_text_color": "#3b372f",
    "input_background_fill": "#fffdf8",
    "input_border_color_focus": "#8a2b1f",
    "input_placeholder_color": "#757063",
    "link_text_color": "#8a2b1f",
}
_DARK = {
    "body_background_fill": "#191815",
    "body_text_color": "#e9e4d8",
    "background_fill_primary": "#22201c",
    "background_fill_secondary": "#2b2924",
    "border_color_primary": "#403c34",
    "button_primary_background_fill": "#b04a3a",
    "button_primary_background_fill_hover": "#c25745",
    "button_primary_text_color": "#ffffff",
    "button_secondary_background_fill": "#22201c",
    "button_secondary_background_fill_hover": "#2b2924",
    "button_secondary_text_color": "#e0dacc",
    "input_background_fill": "#22201c",
    "input_border_color_focus": "#e0917f",
    "input_placeholder_color": "#9c9586",
    "link_text_color": "#eba392",
}


def theme() -> Any:  # noqa: ANN401 (gradio is imported untyped)
    """Return the theme of the page, light and dark."""
    base = gr.themes.Base(
        font=[gr.themes.Font(name) for name in SANS],
        font_mono=[gr.themes.Font(name) for name in MONO],
        radius_size=gr.themes.sizes.radius_sm,
    )
    return base.set(**_LIGHT, **{f"{name}_dark": colour for name, colour in _DARK.items()})
