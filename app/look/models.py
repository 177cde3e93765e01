"""The sign an installation was given; its name and colour are in `app.site`, where every e-mail finds them."""

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel


class SiteSign(SQLModel, table=True):
    """The picture of the city's sign, by the hash of its bytes. Apart from the look, which every page reads."""

    __tablename__ = "site_sign"

    hash: str = Field(primary_key=True, max_length=64)
    media_type: str = Field(max_length=40)
    content: bytes = Field(sa_type=LargeBinary)
