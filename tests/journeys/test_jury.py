"""Three jurors, one of whom stands aside, score a file blind and the chair confirms the minutes; an appeal that succeeds."""

from datetime import UTC, datetime

from playwright.sync_api import Page
from sqlalchemy import Engine

from app.accounts.people import Person
from app.database import make_engine
from tests.cast import Cast
from tests.journeys.conftest import Live
from tests.journeys.steps import Walk
from tests.review.bench_of_jurors import SECRET, Bench
from tests.review.test_appeals import Side


class Now:
    """The clock of the running installation."""

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)


def enter(walk: Walk, person: Person) -> None:
    walk.page.context.clear_cookies()
    walk.sign_in(person.email)


def score(walk: Walk, public_id: str, need: int, partner: int, comment: str) -> None:
    walk.open(f"/staff/reviews/{public_id}/opinion")
    walk.choose(**{"score-c1": str(need), "score-c2": str(partner)})
    walk.fill(**{"comment-c1": comment, "comment-c2": comment})
    walk.press("Rendre mon avis")


def stage(engine: Engine, live: Live) -> tuple[Side, Bench, str]:
    cast = Cast(engine, Now(), None)  # type: ignore[arg-type]
    cast.edition(now=datetime.now(UTC))
    side = Side(cast)
    return side, Bench(cast, cast.edition(), side.city.officer), side.city.decided("P01")


def test_three_jurors_with_one_recusal_then_an_appeal_that_succeeds(live: Live, visitor: Page) -> None:
    engine = make_engine(live.environment["DATABASE_URL"])
    side, bench, file = stage(engine, live)
    engine.dispose()
    walk = Walk(visitor, live.url)
    judge(walk, bench, file)
    minutes(walk, bench, file)
    appeal(live, walk, side)


def judge(walk: Walk, bench: Bench, file: str) -> None:
    """The third juror stands aside, two give their opinions; neither sees the other's before both are in."""
    enter(walk, bench.jurors[2])
    walk.open(f"/staff/reviews/{file}/opinion")
    walk.page.get_by_text("Se déporter de ce dossier").click()
    walk.choose(tie="family")
    walk.fill(words="Ma sœur est trésorière.")
    walk.press("Se déporter")
    walk.reads("rien de ses avis ne vous est montré")
    enter(walk, bench.jurors[0])
    score(walk, file, 5, 4, SECRET)
    walk.reads("Les avis restent fermés à tout le monde")
    enter(walk, bench.jurors[1])
    walk.open(f"/staff/reviews/{file}/opinion")
    assert SECRET not in walk.page.content()
    score(walk, file, 2, 3, "Le budget paraît court.")
    walk.reads(SECRET)
    walk.reads("Disputé : 3 points d’écart")


def minutes(walk: Walk, bench: Bench, file: str) -> None:
    """The chair writes the jury's opinion and confirms the minutes; voters read the opinion."""
    enter(walk, bench.jurors[0])
    walk.open(f"/staff/reviews/{file}/opinion")
    walk.choose(stance="favourable")
    walk.fill(text="Un projet solide.")
    walk.press("Enregistrer")
    walk.open("/staff/editions/rennes-2027/jury/minutes")
    walk.reads("Malo Prigent – Lien familial")
    walk.fill(held_on=datetime.now(UTC).date().isoformat())
    walk.choose(present=str(bench.jurors[0].id))
    walk.press("Valider le procès-verbal")
    walk.reads("Procès-verbal du jury n° 1")
    walk.reads("SHA-256")
    walk.page.context.clear_cookies()
    walk.open(f"/projects/{file}")
    walk.reads("Un projet solide.")


def appeal(live: Live, walk: Walk, side: Side) -> None:
    """The representative reads the letter and contests it; another officer upholds the appeal."""
    enter(walk, side.claire)
    walk.open(f"/files/{side.public_id}")
    walk.page.get_by_role("link", name="Contester la décision").click()
    walk.fill(text="Le projet suit un plan sur trois ans.")
    walk.press("Déposer le recours")
    walk.reads("Votre recours est déposé")
    assert "parvenu" in live.mailbox.wait_for(side.claire.email)["Subject"]
    enter(walk, side.other)
    walk.open("/staff/appeals")
    walk.page.get_by_role("link", name="Convoi d'urgence").click()
    walk.choose(outcome="upheld")
    walk.fill(motive="Le plan est pluriannuel.")
    walk.press("Enregistrer la décision")
    walk.reads("Accueilli")
    walk.page.context.clear_cookies()
    walk.open(f"/projects/{side.public_id}")
    walk.reads("Recours accueilli")
    walk.reads("Le plan est pluriannuel.")
