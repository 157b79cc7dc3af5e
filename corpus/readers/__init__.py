"""Readers: one small file per format, each turning a file into text and what is known of its printed pages."""
