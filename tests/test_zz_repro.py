from hypothesis import given, settings, strategies as st, seed
import json
from app.core.tally import *
from tests.core.tally_elections import RULES, elections
@settings(max_examples=20000, deadline=None, print_blob=True)
@given(RULES.filter(lambda r: r.kind=="equal_shares"), elections(), st.randoms(use_true_random=False))
def test_it(rule, election, dice):
    field, piles = list(election.projects), list(election.ballots.items())
    dice.shuffle(field); dice.shuffle(piles)
    again = Election(tuple(field), dict(piles), election.budget_cents, draw=election.draw)
    a,b = rule.count(again).to_json(), rule.count(election).to_json()
    if a!=b:
        for k in a:
            if a[k]!=b[k]:
                if isinstance(a[k],list):
                    for x,y in zip(a[k],b[k]):
                        if x!=y: print(k, {q:(x[q],y[q]) for q in x if x[q]!=y[q]}, x)
                else: print(k,a[k],b[k])
        print(repr(rule)); print([ (p.id,p.cost_cents,p.carrier) for p in election.projects], election.ballots, election.budget_cents, election.draw,[p.id for p in field])
    assert a == b
