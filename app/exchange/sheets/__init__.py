"""Projects and organisations as tables: out as CSV and XLSX, and in again, looked at first and applied all or nothing."""
