"""Readers: one small file per format, each turning a file into text and what it says of printed pages."""
