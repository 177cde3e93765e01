"""Every table of the house, imported in one place: for the migrations and the tests of the schema."""

from app import jobs, limits
from app.accounts import models as accounts
from app.editions import models as editions
from app.electorate import models as electorate
from app.exchange.sheets import models as sheets
from app.ledger import models as ledger
from app.look import models as look
from app.notifications import models as notifications
from app.organisations import models as organisations
from app.polls import models as polls
from app.proposals import models as proposals
from app.proposals import partner_models as partners
from app.proposals import undertakings
from app.results import models as results
from app.review import models as review
from app.review.appeals import models as appeals
from app.review.jury import models as jury
from app.review.letters import models as letters
from app.story import models as story
from app.voting import models as voting

ALL = (
    jobs, limits, accounts, editions, ledger, notifications, organisations, proposals, partners, undertakings, review, jury, letters,
    appeals, electorate, voting, polls, results, sheets, story, look,
)  # fmt: skip
