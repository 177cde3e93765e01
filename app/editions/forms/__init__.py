"""What officials fill in: programmes, editions and each part of an edition."""
