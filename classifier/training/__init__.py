"""Fitting the weights that ship, from the corpus: `python -m classifier.training`. Never used for judging."""
