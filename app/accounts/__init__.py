"""People, sign-in and staff roles."""
