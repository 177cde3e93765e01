"""Checking an election with nothing but its published bundle: what `quotepart verify` runs, and the one writer of such bundles."""

from app.core.verification.acts import act_entry
from app.core.verification.ballots import Published, choices_in, fault_of, plain
from app.core.verification.bundle import Bundle, Malformed
from app.core.verification.checks import Check
from app.core.verification.definition import Definition, define
from app.core.verification.entries import entry_bytes
from app.core.verification.opening import open_all, opening_value
from app.core.verification.paper import PaperBallot
from app.core.verification.receipt import NoReceipt, Receipt, read_receipt
from app.core.verification.result import draw_value, totals
from app.core.verification.verifier import Verdict, verify
from app.core.verification.writing import Act, Material, WrittenHead, sealed_sums, write_bundle
from app.core.verification.zips import known, read_zip, write_zip

__all__ = [
    "Act",
    "Bundle",
    "Check",
    "Definition",
    "Malformed",
    "Material",
    "NoReceipt",
    "PaperBallot",
    "Published",
    "Receipt",
    "Verdict",
    "WrittenHead",
    "act_entry",
    "choices_in",
    "define",
    "draw_value",
    "entry_bytes",
    "fault_of",
    "known",
    "open_all",
    "opening_value",
    "plain",
    "read_receipt",
    "read_zip",
    "sealed_sums",
    "totals",
    "verify",
    "write_bundle",
    "write_zip",
]
