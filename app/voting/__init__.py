"""The ballot box: casting and receipts. Knows no person."""
