"""The journal of civic acts."""
