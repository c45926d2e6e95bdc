"""Pictures for the demo's listings, composed from parts: an object, its size or pack, its colour,
signs, hazard and grade marks. No words: every language reads figures, units, codes and signs alike.

shapes.txt     the objects, in a small language that its head explains
icons.txt      glyphs of an openly licensed set: objects, and signs that stand in place of words (see LICENCES.md)
hazards.txt    the nine GHS pictograms as SVG paths (see LICENCES.md)
paths          SVG paths become polygons
objects        shapes.txt becomes things to draw
composing      a picture of 640 by 480 pixels
"""
