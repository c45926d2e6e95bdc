"""The seller's workspace: listings, their stock and pictures, imports."""
