"""Parties that are not ours, played by processes of their own over real HTTP. They share no code with the product."""
