"""Paris since 2021: grades in words, a fixed number of winners, a quarter of the money for priority areas."""

from __future__ import annotations

from app.core.ballots.grade_names import PARIS
from app.core.ballots.grades import Grades
from app.core.ballots.part import Part
from app.core.ballots.scoped import Scoped
from app.core.presets.preset import MoneyHint, Preset, Request, assumed, stage_ties, texts
from app.core.tally.limits import MaxPer
from app.core.tally.majority import MajorityJudgment
from app.core.tally.stage import Stage, Where
from app.core.tally.staged import Staged

GRADED = MajorityJudgment(grades=PARIS, ungraded="ignored")

PARIS_2021 = Preset(
    key="paris_2021",
    name=texts("Paris 2021", "Paris 2021"),
    money=MoneyHint(cents=7_500_000_000),
    request=Request(max_cents=200_000_000),
    ballot=Scoped(parts=(Part(where="city", style=Grades(grades=PARIS)), Part(where="district", style=Grades(grades=PARIS)))),
    rule=Staged(
        stages=(
            Stage(
                key="priority",
                name=texts("Priority areas", "Quartiers populaires"),
                where=Where(scope="district", tag="priority_area"),
                share="1/4",
                rule=GRADED,
            ),
            Stage(
                key="city",
                name=texts("Whole city", "Toute la ville"),
                where=Where(scope="city"),
                rule=GRADED,
            ),
            Stage(
                key="districts",
                name=texts("Arrondissements", "Arrondissements"),
                where=Where(scope="district"),
                rule=GRADED,
            ),
        ),
        limits=(MaxPer(key="scope", value="city", most=2), MaxPer(key="scope", value="district", most=60)),
    ),
    assumed=(
        *stage_ties(0, 1, 2),
        assumed("money.cents", "About 75 million euros a year.", "Environ 75 millions d’euros par an."),
        *(
            assumed(
                f"rule.stages.{place}.rule.ungraded",
                "Voters grade only some projects: what they leave out is not counted against a project.",
                "On ne juge qu’une partie des projets : ce qui n’est pas jugé ne compte pas contre un projet.",
            )
            for place in range(3)
        ),
        assumed(
            "rule.stages.0.share",
            "A quarter for priority areas is given out first; what is left of it goes on to all.",
            "Le quart réservé aux quartiers populaires est attribué d’abord ; son reliquat passe à tous.",
        ),
    ),
)
