"""A witness: a process of somebody else than the city, which co-signs the heads of an edition's public log and refuses a fork."""
