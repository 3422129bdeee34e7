"""Fitting from letters and corrections: the corpus, and what is learned of it. Never used for judging."""
