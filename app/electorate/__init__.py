"""Who may vote: roll, proofs of eligibility, voting codes, desk. Knows no ballot."""
