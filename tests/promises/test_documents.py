"""What is promised on paper is true: settings, decisions, notes."""

import re

from app.settings import ROOT, Settings


def test_every_setting_has_its_sentence_and_its_line_in_operations() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    for name, field in Settings.model_fields.items():
        assert field.description, name
        variable = "DATABASE_URL" if name == "database_url" else f"QUOTEPART_{name.upper()}"
        assert f"`{variable}`" in page, variable


def test_every_decision_is_listed_and_numbered() -> None:
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (ROOT / "docs" / "decisions" / "README.md").read_text())
    assert listed == sorted(path.name for path in (ROOT / "docs" / "decisions").glob("0*.md"))
    assert [int(name[:4]) for name in listed] == list(range(1, len(listed) + 1))


def test_every_room_is_on_the_plan() -> None:
    plan = (ROOT / "docs" / "architecture.md").read_text()
    rooms = {path.stem for path in (ROOT / "app").iterdir() if path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").exists())}
    missing = [room for room in sorted(rooms - {"__init__"}) if not re.search(rf"\b{room}\b", plan)]
    assert missing == []
