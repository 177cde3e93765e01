"""The HTML door: one module for each folder of templates."""

from app.pages import accounts, demo, editions, files, home, organisations, projects
from app.pages.staff import editions as staff_editions
from app.pages.staff import home as staff_home
from app.pages.staff import journal, people, programmes, reviews

routers = (
    home.router, accounts.router, editions.router, projects.router, organisations.router, files.router,
    staff_home.router, programmes.router, staff_editions.router, reviews.router, people.router, journal.router,
)
demo_routers = (demo.router,)
"""Pages that exist in demonstration mode only."""
