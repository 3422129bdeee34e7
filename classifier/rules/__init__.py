"""The rules, one file each, found by name. A module's docstring is its documentation page."""
