"""The republican commitment in plain words. The text that binds is the decree's; this summary helps people read it, and says so."""

from app.core.messages import Message, say

VERSION = "decree-2021-1947/summary-1"
"""Which text was shown and accepted. Change the number whenever a word of the summary changes."""

REFERENCE = say(
    "The text that binds is the annex to decree no. 2021-1947 of 31 December 2021, taken for article 10-1 of law no. 2000-321 of "
    "12 April 2000. What follows is a summary, to help you read it."
)
SUMMARY: tuple[tuple[Message, Message], ...] = (
    (
        say("The laws of the Republic"),
        say("The association invokes no conviction to step outside the rules that bind everyone, and calls on nobody to break the law."),
    ),
    (
        say("Freedom of conscience"),
        say("It respects the freedom of conscience of its members and of those it helps, and forces no belief on anyone."),
    ),
    (
        say("Freedom of its members"),
        say("Everyone may leave the association, and nobody is expelled from it arbitrarily."),
    ),
    (
        say("Equality, no discrimination"),
        say("It treats people alike whatever their sex, orientation, identity, origin or religion, and fights sexual and sexist violence."),
    ),
    (
        say("Fraternity, no violence"),
        say("It neither provokes nor excuses hatred or violence, and rejects every form of racism and antisemitism."),
    ),
    (
        say("Dignity of every person"),
        say("It does nothing against human dignity, abuses nobody's weakness, and keeps minors and vulnerable people safe."),
    ),
    (
        say("Symbols of the Republic"),
        say("It respects the flag, the anthem and the motto of the Republic."),
    ),
)
CONSEQUENCE = say(
    "The association tells its members of this commitment. If it breaks it, the city withdraws the grant by a decision with its reasons, "
    "and asks back the part that runs from the breach on."
)
