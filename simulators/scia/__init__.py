"""A stand-in for an arbitration desk, in the manner of SCIA. It decides nothing and is no institution.

desk     what was filed, and what becomes of it
server   the wire
pages    what a person sees
"""
