"""What a bulletin says: text, contents, documents, printed pages, passages. Imports nothing of ours."""
