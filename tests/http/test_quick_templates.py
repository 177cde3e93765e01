"""The quick ways of the templates give what Jinja's own ways give."""

import pytest
from jinja2 import DictLoader
from markupsafe import Markup

from app.core.messages import say
from app.quick_templates import DrawnOnce
from app.rendering import environment, speaking


def printed(text: str, name: str = "page.html", **values: object) -> str:
    return environment().overlay(loader=DictLoader({name: text})).get_template(name).render(values)


def test_a_sentence_is_said_in_each_language_in_turn_and_its_places_are_escaped() -> None:
    text = '{{ _("Saved.") }} {{ _("Page %(page)s", page=typed) }}'
    for language, said in (("fr", "C’est enregistré."), ("de", "Gespeichert."), ("fr", "C’est enregistré.")):
        with speaking(language):
            assert said in printed(text, typed="<b>")
            assert "&lt;b&gt;" in printed(text, typed="<b>")


def test_a_sentence_without_places_is_still_a_format_and_html_in_it_stays() -> None:
    with speaking("en"):
        assert printed('{{ _("100 %% of <em>it</em>") }}') == "100 % of <em>it</em>"


def test_a_plain_text_gets_no_escapes() -> None:
    with speaking("en"):
        assert printed('{{ _("Page %(page)s", page="<b>") }}', name="page.txt") == "Page <b>"


def test_show_prints_messages_texts_of_the_city_plain_text_and_numbers() -> None:
    text = '{% from "components/show.html" import show %}{{ show(one) }}'
    with speaking("fr"):
        for one, said in (
            (say("Saved."), "C’est enregistré."), ({"fr": "<Ville>"}, "&lt;Ville&gt;"), ("a < b", "a &lt; b"),
            (Markup("<b>x</b>"), "<b>x</b>"), (3, "3"),
        ):  # fmt: skip
            made = environment().from_string(text).render(one=one)
            assert made == said


def test_an_icon_that_points_is_turned_on_pages_from_right_to_left() -> None:
    text = '{% from "components/show.html" import icon %}{{ icon("chevron-left") }}{{ icon("check") }}'
    made = environment().from_string(text).render()
    assert made.count("icon-flip") == 1
    assert made.count('aria-hidden="true"') == 2
    assert "#chevron-left" in made


def test_macros_calls_in_loops_and_filters_of_the_context_work() -> None:
    text = (
        "{% macro twice(x, y=2) %}{{ x }}{{ y }}{% if caller is defined %}{{ caller() }}{% endif %}{% endmacro %}"
        "{% for i in [1, 2] %}{{ twice(i) }}{{ twice(x=i, y='<') }}{% endfor %}{% call twice(5) %}inside{% endcall %}"
    )
    assert printed(text) == "121&lt;222&lt;52inside"


def test_what_is_drawn_once_is_drawn_again_for_another_value_or_language() -> None:
    text = "{% macro m(one) %}{{ show(one) }}{% endmacro %}{% for one in many %}{{ drawn_once(m, one) }}{% endfor %}"
    text = '{% from "components/show.html" import show %}' + text
    made = []
    for language, many in (("fr", ["a", "<b>", "a"]), ("fr", [say("Saved.")]), ("de", [say("Saved.")])):
        with speaking(language):
            made.append(environment().from_string(text).render(many=many))
    assert made == ["a&lt;b&gt;a", "C’est enregistré.", "Gespeichert."]


def test_what_is_drawn_once_has_bounds() -> None:
    calls: list[object] = []
    macro = environment().from_string("{% macro m(one) %}{{ note(one) }}{% endmacro %}", {"note": calls.append}).module.m  # type: ignore[attr-defined]
    once = DrawnOnce(lambda: "fr", room=2)
    for one in (1, 2, 1, 2, 3, 1, 3):
        once(macro, one)
    assert calls == [1, 2, 3, 1]


def test_what_is_drawn_with_a_value_is_drawn_once_for_each_part_and_language_and_goes_with_it() -> None:
    class Shared:
        pass

    calls: list[object] = []
    text = '{% from "components/show.html" import show %}{% macro m(one) %}{{ note(one) }}{{ show(said) }}{% endmacro %}'
    text += '{{ drawn_with(value, "a", m, 1) }}|{{ drawn_with(value, "a", m, 1) }}|{{ drawn_with(value, "b", m, one=2) }}'
    template = environment().from_string(text, {"note": lambda one: calls.append(one) or ""})
    shared, made = Shared(), []
    for language, value in (("fr", shared), ("de", shared), ("fr", shared), ("fr", Shared())):
        with speaking(language):
            made.append(template.render(value=value, said=say("Saved.")))
    assert made == ["C’est enregistré.|C’est enregistré.|C’est enregistré.", "Gespeichert.|Gespeichert.|Gespeichert.", made[0], made[0]]
    assert calls == [1, 2, 1, 2, 1, 2]


def test_a_macro_called_wrongly_says_so() -> None:
    with pytest.raises(TypeError, match="takes no keyword argument"):
        printed("{% macro m(x) %}{% endmacro %}{{ m(1, z=2) }}")
