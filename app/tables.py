"""Every table of the house, imported in one place: for the migrations and the tests of the schema."""

from app import jobs, limits
from app.accounts import models as accounts
from app.editions import models as editions
from app.electorate import models as electorate
from app.exchange.sheets import models as sheets
from app.ledger import models as ledger
from app.notifications import models as notifications
from app.organisations import models as organisations
from app.polls import models as polls
from app.proposals import models as proposals
from app.proposals import undertakings
from app.results import models as results
from app.review import models as review
from app.voting import models as voting

ALL = (
    jobs, limits, accounts, editions, ledger, notifications, organisations, proposals, undertakings, review,
    electorate, voting, polls, results, sheets,
)  # fmt: skip
