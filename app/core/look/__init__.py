"""The look of the site in numbers: contrast of colours, a city's own colour in light and dark, the tokens of a style sheet."""

from app.core.look.contrast import contrast, read_colour
from app.core.look.tokens import Token, tokens_in
from app.core.look.twins import Grounds, Twin, Unfit, twins_of

__all__ = ["Grounds", "Token", "Twin", "Unfit", "contrast", "read_colour", "tokens_in", "twins_of"]
