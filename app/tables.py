"""Every table of the house, imported in one place: for the migrations and the tests of the schema."""

from app import jobs, limits
from app.accounts import models as accounts
from app.editions import models as editions
from app.ledger import models as ledger
from app.notifications import models as notifications
from app.organisations import models as organisations
from app.proposals import models as proposals
from app.review import models as review

ALL = (jobs, limits, accounts, editions, ledger, notifications, organisations, proposals, review)
