"""The life of a file as one table: states, the arrows between them, and the simplified path shown to residents."""

from app.core.lifecycle.states import EDITABLE, FINAL, PATH, STATES, SeenBy, State, StateFacts, Step, step_of
from app.core.lifecycle.transitions import TRANSITIONS, Actor, Transition, Verb, verbs_from, walk

__all__ = [
    "EDITABLE",
    "FINAL",
    "PATH",
    "STATES",
    "TRANSITIONS",
    "Actor",
    "SeenBy",
    "State",
    "StateFacts",
    "Step",
    "Transition",
    "Verb",
    "step_of",
    "verbs_from",
    "walk",
]
