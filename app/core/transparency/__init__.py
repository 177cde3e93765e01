"""What makes the count checkable by anyone: canonical JSON, the Merkle log, signed heads, receipts and seals."""

from app.core.transparency.canonical import canonical, digest
from app.core.transparency.heads import Head, Note, Signature, cosign, sign, witnesses_of
from app.core.transparency.merkle import (
    EMPTY,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from app.core.transparency.promises import Promise, is_signed, sign_promise, tracking_code
from app.core.transparency.seals import Broken, Sealed, agreed, pad, seal, unpad, unseal, unseal_with

__all__ = [
    "EMPTY",
    "Broken",
    "Frontier",
    "Head",
    "Note",
    "Promise",
    "Sealed",
    "Signature",
    "agreed",
    "canonical",
    "consistency_proof",
    "cosign",
    "digest",
    "inclusion_proof",
    "is_signed",
    "leaf_hash",
    "node_hash",
    "pad",
    "root_of",
    "seal",
    "sign",
    "sign_promise",
    "tracking_code",
    "unpad",
    "unseal",
    "unseal_with",
    "verify_consistency",
    "verify_inclusion",
    "witnesses_of",
]
