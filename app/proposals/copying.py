"""A new file from an earlier one of the same organisation: what a carrier would type again is there, what must be said anew is not."""

from typing import Any

from app.accounts.people import Person
from app.core.eligibility import Section
from app.core.forms import read
from app.core.messages import Message, say
from app.core.problems import Invalid, Missing
from app.editions.models import Edition
from app.organisations.models import Organisation
from app.proposals import queries, service
from app.proposals.completeness import blank_pages
from app.proposals.models import Proposal
from app.proposals.queries import CarrierFile
from app.proposals.sections import BY_SECTION, PAGES, theme_names
from app.unit import Work

LEFT: dict[Section, tuple[str, ...]] = {
    Section.PARTNER: ("partner_letter",),
    Section.CALENDAR: ("starts_on",),
    Section.FEEDBACK: ("feedback_on",),
}
"""The answers that are never copied, by page: dates, and what somebody signed for that one project."""
NOT_COPIED = frozenset({Section.DECLARATIONS})
LEFT_OUT: tuple[Message, ...] = (
    say("the dates"),
    say("the declarations"),
    say("the partner's letter"),
    say("the documents"),
    say("the rates of other currencies"),
    say("what co-funders had confirmed"),
)
"""What is not copied, in words."""


def start_from(work: Work, edition: Edition, organisation: Organisation, earlier: CarrierFile, *, by: Person) -> Proposal:
    """Begin a file with the answers of an earlier one of the same organisation. Raises Missing for another's, Refused as `start` does."""
    if earlier.organisation.id != organisation.id:
        raise Missing(queries.NO_FILE)
    proposal = service.start(work, edition, organisation, by=by)
    proposal.copied_from_id = earlier.proposal.id
    file = queries.carrier_file(work, proposal.public_id, by)
    for page in PAGES:
        if page.form and page.section not in NOT_COPIED:
            _copy(work, earlier, file, page.section, by)
    return proposal


def copied_pages(work: Work, file: CarrierFile) -> tuple[CarrierFile | None, list[Message]]:
    """The earlier file that a file was started from, and the pages that say something since; (None, []) for a file of its own."""
    source = work.db.get(Proposal, file.proposal.copied_from_id) if file.proposal.copied_from_id else None
    edition = work.db.get(Edition, source.edition_id) if source else None
    if source is None or edition is None:
        return None, []
    earlier = CarrierFile(source, file.organisation, edition, file.programme, file.role)
    blank = blank_pages(source, queries.lines_of(work, source))
    pages = [page.title for page in PAGES if page.form and page.section not in blank | NOT_COPIED]
    return earlier, pages


def _copy(work: Work, earlier: CarrierFile, file: CarrierFile, section: Section, by: Person) -> None:
    """One page, through the very form that checks it; a page that today's lists no longer take is left blank."""
    form = BY_SECTION[section.value].form
    if form is None:
        return
    answers = {name: value for name, value in service.answers(work, earlier.proposal, section).items() if name not in LEFT.get(section, ())}
    try:
        service.save(work, file, section, read(form, _fitting(answers, file.edition)), seen=0, by=by)
    except Invalid:
        return


def _fitting(answers: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """The answers as the new edition takes them: its own themes, and costs in euros alone, as a rate is of its day; no sum confirmed."""
    if answers.get("theme") and answers["theme"] not in theme_names(edition):
        answers["theme"] = None
    kept = ("account", "label", "amount")
    for side in ("charges", "products"):
        if side in answers:
            answers[side] = [{name: line[name] for name in kept} for line in answers[side]]
    return answers
