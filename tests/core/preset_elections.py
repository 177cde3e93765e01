"""Ten ballots for each preset on which people vote, and the winners worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.ballots import Slate
from app.core.presets import Preset
from app.core.tally import Election, Project
from app.core.tally.profile import Profile

Marks = dict[str, int]


@dataclass(frozen=True)
class Example:
    """Projects, ten ballots (each cast `times` times), an envelope in cents, and who wins, in order of purchase."""

    budget_cents: int
    projects: tuple[Project, ...]
    ballots: Sequence[Marks]
    winners: str
    times: int = 1

    def slate(self, preset: Preset) -> Slate:
        """The paper on which these ballots were filled."""
        places = {one.id: one.district for one in self.projects if one.district}
        money = dict.fromkeys(set(places.values()), self.budget_cents // max(len(set(places.values())), 1))
        return Slate(
            costs={one.id: one.cost_cents for one in self.projects},
            envelope_cents=self.budget_cents,
            currency=preset.money.currency,
            districts=places,
            themes={one.id: one.theme for one in self.projects if one.theme},
            envelopes=money,
        )

    def election(self, preset: Preset) -> Election:
        """The ballots as the count sees them, by the style of the preset."""
        assert preset.ballot is not None
        slate, ids = self.slate(preset), [one.id for one in self.projects]
        counted = [preset.ballot.counted(marks, slate) for marks in self.ballots for _ in range(self.times)]
        if preset.ballot.profile_kind == "approval":
            return Election.of(self.projects, counted, self.budget_cents, preset.money.currency)
        profile = Profile.of_marks(ids, counted, preset.ballot.profile_kind)
        return Election(self.projects, profile, self.budget_cents, preset.money.currency)


def euros(amount: float) -> int:
    """Whole units of money in hundredths."""
    return round(amount * 100)


def made(costs: Mapping[str, float], **shared: Any) -> tuple[Project, ...]:
    """Projects with these costs in whole units; what they have in common, or by id under the name of the field."""
    told = {id: {key: one.get(id) if isinstance(one, dict) else one for key, one in shared.items()} for id in costs}
    return tuple(
        Project(id, euros(cost), **{key: value for key, value in told[id].items() if value is not None}) for id, cost in costs.items()
    )


def named(text: str) -> list[Marks]:
    """Ballots that name projects: `named("abc ab - c")`, a dash for a blank one."""
    return [dict.fromkeys(ballot.strip("-"), 1) for ballot in text.split()]


def given(text: str) -> list[Marks]:
    """Ballots that give numbers: `given("a4b3 c2")`, each project followed by one figure."""
    return [{ballot[place]: int(ballot[place + 1]) for place in range(0, len(ballot), 2)} for ballot in text.split()]


EXAMPLES: dict[str, Example] = {
    # Votes: a 9, c 8, b 7, d 6, e 4. 60 000 € for as many inhabitants: a 20 (40 left), c 25 (15 left), b would fit exactly, but its
    # carrier has a; d asks 30; e 10 (5 left).
    "rennes_solidarite": Example(
        euros(60_000),
        made({"a": 20_000, "b": 15_000, "c": 25_000, "d": 30_000, "e": 10_000}, carrier={"a": "x", "b": "x", "c": "y", "d": "z"}),
        named("abc abc abd abe acd acd bcd abce acde abcde"),
        "ace",
    ),
    # Votes: a to d 8, e to h 7, i 4, j 2. Eight projects of 400 000 € leave 300 000: i, of 400 000, is passed over; j, of 300 000,
    # fits exactly.
    "rennes_fabrique_s5": Example(
        euros(3_500_000),
        made({**dict.fromkeys("abcdefghi", 400_000), "j": 300_000}, filed=None),
        named("abcdefgh " * 6 + "abcdi abcdi efghij ij"),
        "abcdefghj",
    ),
    # Votes: a 9, b 8, c 7, d 6, i 5, j 4, h 3, e 2, f 1, all of 500 000 €: seven can win. In the north a and b, in the south e and
    # f are the two best; three more are the best of all: c, d, i. (Without the guarantee h and j would win, not e and f.)
    "rennes_fabrique_s2": Example(
        euros(3_500_000),
        made(dict.fromkeys("abcdefhij", 500_000), district={**dict.fromkeys("abcdij", "north"), **dict.fromkeys("ef", "south")}),
        named("abcdijh abcdijh abcdijh abcdij abcdi abcd abc ab aef e"),
        "abefcdi",
    ),
    # Best grade 3. Of 4 000 000 € a quarter is for priority areas: p is judged 3 by six of ten, so its (lower) median is 3; q,
    # judged by eight, 2. p takes 800 000, q asks 400 000 and 200 000 is left: that goes on. The city has 3 200 000: a and b have
    # the median 2, c 1. One median less, a has 3 and b 2: a 1 500 000, b 500 000, and two are enough for the city: c is shut out. 1
    # 200 000 is left for the arrondissements: d (median 3) 1 000 000, then neither q nor e (median 1) fits.
    "paris_2021": Example(
        euros(4_000_000),
        made(
            {"p": 800_000, "q": 400_000, "a": 1_500_000, "b": 500_000, "c": 200_000, "d": 1_000_000, "e": 300_000},
            scope={**dict.fromkeys("pqde", "district"), **dict.fromkeys("abc", "city")},
            district=dict.fromkeys("pqde", "paris_19"),
            tags=dict.fromkeys("pq", frozenset({"priority_area"})),
        ),
        given(
            "p3q3a3b3c3d3e3 p3q3a3b3c2d3e1 p3q3a3b3c1d3e1 p3q2a3b3c1d3e1 p3q2a3b2c1d3e1 "
            "p3q2a2b2c1d3e1 p2q2a2b2d3e1 p2q1a2b2d0e1 p2a2b0d0e1 p2a2b0d0e1"
        ),
        "pabd",
    ),
    # Votes: a 6, b 5, c 5, d 4, e 3, f 2. Above 200 000 € the one with most votes, a (300 000; 500 000 left). b is the second large
    # one and stands no more. Up to 200 000 €: c 200 000 (300 left), d 150 000 (150 left), e asks 200 000, f 100 000.
    "grenoble_2017": Example(
        euros(800_000),
        made({"a": 300_000, "b": 250_000, "c": 200_000, "d": 150_000, "e": 200_000, "f": 100_000}),
        named("abc abc abc abd abe af cd cd de ef"),
        "acdf",
    ),
    # Votes: a 8, b 7, d 6, e 5, c 4, f 3. One million: a 250 000, b 250 000, d 250 000, e 200 000 leave 50 000; c asks 200 000, f
    # 50 000. a, b, c are of the theme of the year: "abcde" gives two votes there and three to any, one of them to c.
    "angers_2019": Example(
        euros(1_000_000),
        made(
            {"a": 250_000, "b": 250_000, "c": 200_000, "d": 250_000, "e": 200_000, "f": 50_000},
            theme=dict.fromkeys("abc", "theme_of_the_year"),
        ),
        named("abcde abcd abde abde abdf abef abcdf ac e -"),
        "abdef",
    ),
    # 10 500 000 € over 519 127 inhabitants: 28 717 of the first make 580 837 €, 29 981 of the second 606 403 €. Votes in the first:
    # a 8, b and c 6. a 400 000 (180 837 left); of equals the cheaper first: c 180 000; b does not fit. In the second d fits. In the
    # city, 2 000 000: e (8) 1 500 000, g (7) asks 600 000, f (4) 500 000.
    "lyon_2022": Example(
        euros(12_500_000),
        made(
            {"a": 400_000, "b": 300_000, "c": 180_000, "d": 606_000, "e": 1_500_000, "f": 500_000, "g": 600_000},
            scope={**dict.fromkeys("abcd", "district"), **dict.fromkeys("efg", "city")},
            district={**dict.fromkeys("abc", "lyon_1"), "d": "lyon_2"},
        ),
        named("abceg abceg abceg abceg abcef abef aegd egf dfg dca"),
        "acdef",
    ),
    # Votes: a 8, b and c 7, d 5, e 3. One million: a 400 000 (600 left); of equals the cheaper first: c 300 000 (300 left), b asks
    # 350 000, d 250 000 (50 left), e asks 100 000.
    "lot_et_garonne": Example(
        euros(1_000_000),
        made({"a": 400_000, "b": 350_000, "c": 300_000, "d": 250_000, "e": 100_000}),
        named("abc abc abc abc abd abd acd ade bce cde"),
        "acd",
    ),
    # s asks 5 000 € exactly and is small, m one cent more and is in the middle, l 50 000 exactly is large, o one cent more stands
    # nowhere. Youth: z, 10 000 exactly, is small; x 25 000 (5 votes) and y 20 000 (4) leave 5 000 of 50 000, too little for w (3).
    # n has no vote.
    "gers_2": Example(
        euros(1_000_000),
        made(
            {"s": 5_000, "m": 5_000.01, "l": 50_000, "o": 50_000.01, "z": 10_000, "x": 25_000, "y": 20_000, "w": 10_000.01, "n": 3_000},
            tags=dict.fromkeys("zxyw", frozenset({"youth"})),
        ),
        named("sxy mxy lxy zxy xow ow ow s m l"),
        "smlzxy",
    ),
    # Each ballot was cast by 20 people. 700 000 of a million for two districts, 350 000 each. North: a 120 votes, 200 000; b 100,
    # on the same site as a; c 60, 100 000. South: e 80, 100 000; d 40, below the 50 needed. City, 300 000: f 120 votes, 200 000; g
    # exactly the 100 needed, 100 000; h 80, below.
    "warsaw": Example(
        euros(1_000_000),
        made(
            {"a": 200_000, "b": 150_000, "c": 100_000, "d": 200_000, "e": 100_000, "f": 200_000, "g": 100_000, "h": 100_000},
            scope={**dict.fromkeys("abcde", "district"), **dict.fromkeys("fgh", "city")},
            district={**dict.fromkeys("abc", "north"), **dict.fromkeys("de", "south")},
            site=dict.fromkeys("ab", "meadow"),
        ),
        named("abcfg abcfg abcfg abfg abf ah def degh eh eh"),
        "acefg",
        times=20,
    ),
    # Three districts, 100 000 each. n: c 7 votes, 40 000; a 4, 60 000; nothing for b (3). s: e 5, 30 000; d 4, 70 000; nothing for
    # f (3). w: g and h 3 each, the cheaper first: h 10 000, then g 90 000.
    "barcelona_2025": Example(
        euros(300_000),
        made(
            {"a": 60_000, "b": 50_000, "c": 40_000, "d": 70_000, "e": 30_000, "f": 30_000, "g": 90_000, "h": 10_000},
            district={**dict.fromkeys("abc", "n"), **dict.fromkeys("def", "s"), **dict.fromkeys("gh", "w")},
        ),
        named("acde acde acef ac bc bcgh bcef gh ghde df"),
        "caedhg",
    ),
    # 40 000 000: a tenth of a quarter is 1 000 000 for each district; of the other 30 000 000 Breiðholt has 22 500 / 139 000, so 5
    # 856 115 in all, Kjalarnes 1 000 / 139 000, so 1 215 827. A star counts double: b 7 points, c 6, a 4. b 3 000 000 (2 856 115
    # left), c 1 800 000, a does not fit. d 3 points, 1 200 000; e 2 points asks 16 000 and 15 827 is left.
    "reykjavik_2023": Example(
        euros(40_000_000),
        made(
            {"a": 4_000_000, "b": 3_000_000, "c": 1_800_000, "d": 1_200_000, "e": 16_000},
            district={**dict.fromkeys("abc", "breidholt"), **dict.fromkeys("de", "kjalarnes")},
        ),
        given("a2c1 a1c2 b2c1 b2c1 b1c1 a1 b2 d2 d1 e2"),
        "bcd",
    ),
    # A share of 5 000 each. Prices of a point: a 20 000 / (6 x 4 + 4 x 3) = 556, b 12 000 / 18 = 667, c 12 600 / 18 = 700, d 16 000
    # / 16 = 1 000, e 12 000 / 12 = 1 000. a is bought: the six pay 2 222 and keep 2 778, the four pay 1 667 and keep 3 333. b: the
    # six pay 2 000 and keep 778, so that c can no longer be paid. d would take 4 000 from each of the four; e takes 3 000. Together
    # 44 000. With larger shares nothing changes until the six can pay c too, at 6 322.22 each; that would make 56 600: too much. So
    # 44 000 stands.
    "aarau_2023": Example(
        euros(50_000),
        made({"a": 20_000, "b": 12_000, "c": 12_600, "d": 16_000, "e": 12_000}),
        given("a4b3c3 " * 6 + "a3d4e3 " * 4),
        "abe",
    ),
}
