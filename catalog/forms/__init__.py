"""The shape of what sellers send."""
