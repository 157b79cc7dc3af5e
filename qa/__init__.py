"""Answering: from a question to sentences that are cited to printed pages. Imports `index` and `corpus`."""
