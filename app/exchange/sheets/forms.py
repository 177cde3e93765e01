"""What is asked beside a table that is sent."""

from app.core.forms import Form
from app.exchange.sheets.columns import Kind
from app.exchange.sheets.reading import Encoding


class TableForm(Form):
    """What the table is about, and how its text is written (a workbook says so itself)."""

    kind: Kind
    encoding: Encoding = Encoding.UTF_8
