"""What a bulletin says: its text, contents, documents, printed pages and passages. Imports nothing of ours."""
