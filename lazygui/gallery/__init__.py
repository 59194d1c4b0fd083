"""Figures, data and a film of every demo, in one folder with a page that shows them."""
