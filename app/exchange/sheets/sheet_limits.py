"""How large a table may be: docs/security.md says why. Imports nothing, so that the process that reads workbooks starts at once."""

MAX_BYTES = 20_000_000
"""Bytes of a file as it is sent."""
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 64_000
"""Bytes of one cell in UTF-8."""
MAX_INFLATED = 50_000_000
"""Bytes of everything inside a workbook once inflated, as declared and as found."""
MAX_RATIO = 100
"""How many times larger a workbook may be inflated."""
MAX_ENTRIES = 1_000
MAX_TEXT = 20_000_000
"""Characters of all cells together: one long text that a million cells share is a bomb as well."""
MEMORY = 512 * 1024 * 1024
"""Bytes of address space of the process that reads a workbook."""
SECONDS = 20
"""Seconds of processor time of that process."""
