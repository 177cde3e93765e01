"""The bare endpoints that the bench of the vote stands beside: FastAPI `def` routes that make one INSERT and answer a page.

`same`: the fair one, on our own stack. It reads the form of a ballot, writes its key, seed and choices with SQLAlchemy's Core,
commits, and draws with Jinja2 a page of as many bytes as our receipt. `core` reads one field and answers a constant page of
5 kB; `driver` does so with the driver alone, keeping its connections by hand: no application would be written like this.
"""

DRIVER = """
import os, queue, psycopg
from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse
app = FastAPI()
free = queue.SimpleQueue()
for _ in range(10):
    free.put(psycopg.connect(os.environ["BARE_URL"]))
PAGE = "<!doctype html>" + "x" * 5000
@app.post("/ballot")
def ballot(credential: str = Form()) -> HTMLResponse:
    connection = free.get()
    try:
        connection.execute("INSERT INTO bare (credential) VALUES (%s)", (credential,))
        connection.commit()
    finally:
        free.put(connection)
    return HTMLResponse(PAGE)
"""
_ENGINE = """
import os
from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlalchemy import BigInteger, Column, MetaData, String, Table, create_engine
app = FastAPI()
engine = create_engine(os.environ["BARE_URL"].replace("postgresql:", "postgresql+psycopg:"), pool_size=10, max_overflow=10)
"""
CORE = f"""{_ENGINE}
bare = Table("bare", MetaData(), Column("id", BigInteger, primary_key=True), Column("credential", String, unique=True))
PAGE = "<!doctype html>" + "x" * 5000
@app.post("/ballot")
def ballot(credential: str = Form()) -> HTMLResponse:
    with engine.begin() as connection:
        connection.execute(bare.insert().values(credential=credential))
    return HTMLResponse(PAGE)
"""
SAME = f"""{_ENGINE}
bare = Table(
    "bare_ballot", MetaData(), Column("id", BigInteger, primary_key=True), Column("credential", String, unique=True),
    Column("seed", String), Column("choices", String),
)
page = Environment(autoescape=True).from_string("<!doctype html><p>{{{{ code }}}}</p>" + "x" * (int(os.environ["PAGE_BYTES"]) - 48))
@app.post("/ballot")
def ballot(
    lang: str = Form(), seed: str = Form(), credential: str = Form(), choice: list[str] = Form()
) -> HTMLResponse:
    with engine.begin() as connection:
        connection.execute(bare.insert().values(credential=credential, seed=seed, choices=",".join(choice)))
    return HTMLResponse(page.render(code=seed[:16], lang=lang))
"""
TABLES = (
    "CREATE TABLE bare (id bigserial PRIMARY KEY, credential text UNIQUE)",
    "CREATE TABLE bare_ballot (id bigserial PRIMARY KEY, credential text UNIQUE, seed text, choices text)",
)
