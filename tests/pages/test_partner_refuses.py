"""A local partner that says no: the officer reads it, and no letter that the carrier says to have joined makes up for it."""

from fastapi.testclient import TestClient

from app.core.permissions import Role
from tests.cast import Cast
from tests.pages.test_partner import opened, signature
from tests.proposals.partners import invited

REASON = "Ya no participamos <b>en esto</b>."
UNMET = "Le partenaire local, sollicité, a refusé de donner son accord."


def test_the_officer_reads_that_the_partner_declined_and_that_it_signed_after_all(client: TestClient, cast: Cast) -> None:
    proposal = cast.submitted()  # the carrier says that the letter is joined
    officer = cast.official(Role.CASE_OFFICER)
    cast.sign_in(client, officer)
    sheet = f"/staff/reviews/{proposal.public_id}"
    assert UNMET not in client.get(sheet).text
    client.cookies.clear()
    secret = invited(cast, proposal)
    page = opened(client, secret)
    assert client.post(f"/partner/{secret}/refusal", data={"reason": REASON}).status_code == 303
    cast.sign_in(client, officer)
    read = client.get(sheet).text
    assert UNMET in read
    assert "Ya no participamos &lt;b&gt;en esto&lt;/b&gt;." in read
    assert "Refusé le" in read
    client.cookies.clear()
    assert client.post(f"/partner/{secret}/signature", data=signature(page)).status_code == 303
    cast.sign_in(client, officer)
    read = client.get(sheet).text
    assert UNMET not in read
    assert "Signée par Ana Quispe, Presidenta" in read
