"""Pictures for the demo's listings, composed from parts: an object, its size or pack, its colour, hazard and grade marks.

shapes.txt     the objects, drawn for this project in a small language that its head explains
hazards.txt    the nine GHS pictograms as SVG paths (see LICENCES.md)
paths          SVG paths become polygons
objects        shapes.txt becomes things to draw
composing      a picture of 640 by 480 pixels
"""
