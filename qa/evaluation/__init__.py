"""Answers measured against questions with known evidence, and what is learnt from them."""
