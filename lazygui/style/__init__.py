"""One place for colours, pens, fonts, palettes and typeset formulas."""
