"""The HTML door: one module for each folder of templates."""

from app.pages import (
    accounts,
    appeals,
    ballot_change,
    booth,
    demo,
    editions,
    files,
    health,
    home,
    identification,
    letters,
    organisations,
    projects,
    public_log,
    receipts,
    replay,
    results,
    simulations,
    verifier,
)
from app.pages.staff import (
    anomalies,
    box,
    codes,
    desk,
    file_simulator,
    journal,
    jury,
    jury_files,
    people,
    poll_projects,
    polls,
    programmes,
    reviews,
    simulator,
)
from app.pages.staff import appeals as staff_appeals
from app.pages.staff import editions as staff_editions
from app.pages.staff import home as staff_home
from app.pages.staff import results as staff_results

routers = (
    booth.straight,  # first: on the day of the vote these are asked for more than all the others together
    receipts.straight,
    booth.router,
    ballot_change.router,
    receipts.router,
    home.router,
    health.router,
    accounts.router,
    replay.router,
    results.router,
    verifier.router,
    simulations.router,
    editions.router,
    public_log.router,
    projects.router,
    identification.router,
    organisations.router,
    letters.router,
    appeals.router,  # before the pages of a file, whose names it would else be taken for
    files.router,
    staff_home.router,
    programmes.router,
    staff_editions.router,
    polls.router,
    poll_projects.router,
    file_simulator.router,
    box.router,
    codes.router,
    desk.router,
    anomalies.router,
    staff_results.router,
    simulator.router,
    reviews.router,
    jury.router,
    jury_files.router,
    staff_appeals.router,
    people.router,
    journal.router,
)
demo_routers = (demo.router,)
"""Pages that exist in demonstration mode only."""
