"""Setting up the jury of an edition, before the first opinion."""

from sqlmodel import col, delete

from app.accounts.people import Person
from app.core.messages import Localised, Message, say
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Refused
from app.core.transparency import digest
from app.editions.models import Edition
from app.ledger import service as ledger
from app.review.jury.forms import PanelForm
from app.review.jury.models import Criterion, Juror, JuryPanel
from app.review.jury.queries import has_begun, panel_of, reviewers
from app.unit import Work

BEGUN = say("Opinions have begun, so the jury, its criteria and its quorum can no longer be changed.")


def set_panel(work: Work, edition: Edition, form: PanelForm, *, by: Person) -> JuryPanel:
    """Set the criteria, the scale, the quorum and the jurors of an edition.

    Raises Refused without the permission, Conflict once a juror has begun, Invalid at "jurors", "chair", "quorum" or "alert".
    """
    if (reason := refusal(by.roles, "set_up_jury")) is not None:
        raise Refused(reason)
    if has_begun(work, edition):
        raise Conflict(BEGUN)
    if errors := _errors(work, form):
        raise Invalid(errors)
    criteria = [
        Criterion(key=f"c{number}", label=Localised(fr=one.label_fr, **({"en": one.label_en} if one.label_en else {})), weight=one.weight)
        for number, one in enumerate(form.criteria, 1)
    ]
    panel = panel_of(work, edition) or JuryPanel(edition_id=edition.id or 0, criteria=criteria, set_at=work.now, set_by_id=by.id)
    panel.criteria, panel.scale, panel.quorum, panel.alert = criteria, form.scale, form.quorum, form.alert
    panel.fallback, panel.set_at, panel.set_by_id = form.fallback.value, work.now, by.id
    work.db.add(panel)
    work.db.exec(delete(Juror).where(col(Juror.edition_id) == edition.id))
    work.db.flush()
    work.db.add_all(Juror(edition_id=edition.id or 0, account_id=number, chair=number == form.chair) for number in sorted(set(form.jurors)))
    said = {
        "criteria": [one.model_dump(mode="json") for one in criteria],
        "scale": form.scale,
        "quorum": form.quorum,
        "alert": form.alert,
        "fallback": form.fallback.value,
        "jurors": len(set(form.jurors)),
    }
    ledger.record(work, "jury:set", edition.slug, digest(said), by=by.id)
    work.db.flush()
    return panel


def _errors(work: Work, form: PanelForm) -> dict[str, Message]:
    known = {one.account_id for one in reviewers(work)}
    errors: dict[str, Message] = {}
    if not set(form.jurors) <= known:
        errors["jurors"] = say("Choose people who hold the role of reviewer.")
    if form.chair not in form.jurors:
        errors["chair"] = say("Choose the chair among the jurors.")
    if form.quorum > len(set(form.jurors)):
        errors["quorum"] = say("The quorum is larger than the jury.")
    if form.alert > form.scale:
        errors["alert"] = say("This is more than the whole scale: there would never be an alert.")
    return errors
