"""The page: a chat beside the printed page that an answer stands on. Only here gradio is imported."""
