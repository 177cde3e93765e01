"""The HTML door: one module for each folder of templates."""

from app.pages import (
    accounts,
    ballot_change,
    booth,
    demo,
    editions,
    files,
    health,
    home,
    identification,
    organisations,
    projects,
    public_log,
    receipts,
    replay,
    results,
    simulations,
    tables,
    verifier,
    worldmap,
)
from app.pages.staff import (
    anomalies,
    box,
    codes,
    desk,
    file_simulator,
    journal,
    people,
    poll_projects,
    polls,
    programmes,
    reviews,
    simulator,
)
from app.pages.staff import editions as staff_editions
from app.pages.staff import home as staff_home
from app.pages.staff import results as staff_results
from app.pages.staff import tables as staff_tables

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
    worldmap.router,
    simulations.router,
    tables.router,
    editions.router,
    public_log.router,
    projects.router,
    identification.router,
    organisations.router,
    files.router,
    staff_home.router,
    staff_tables.router,
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
    people.router,
    journal.router,
)
demo_routers = (demo.router,)
"""Pages that exist in demonstration mode only."""
