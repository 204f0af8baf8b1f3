"""Whatever stands in a text, it is a text on the page: no element, no attribute."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.run.page.markup import h, written
from tq_conn_citrix_waf.run.page.past import Past
from tq_conn_citrix_waf.run.page.whole import page
from tq_conn_citrix_waf.run.status import Standing
from tq_conn_citrix_waf.secrets import one_line
from tq_conn_citrix_waf.store.allowed import Allowed
from tq_conn_citrix_waf.store.records import (
    Act,
    CollectionRecord,
    Counts,
    HeldRecord,
    RunRecord,
    SetRecord,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=()), min_size=1, max_size=200),
    st.sampled_from(
        [
            "</td><script>x</script>",
            '" onload="x',
            "&lt;b&gt;",
            "]]>",
            "<!--",
            "</style>",
        ]
    ),
)


class Read(HTMLParser):
    """A page as a parser has it: elements with their attributes, and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, list[str]]] = []
        self.values: list[str | None] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, [name for name, _ in attrs]))
        self.values += [value for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@given(TEXTS)
def test_a_text_and_an_attribute_are_read_again_as_they_were(text: str) -> None:
    read = Read("".join(written(h("p", text, title=text))))
    assert read.elements == [("p", ["title"])]
    assert (read.texts, read.values) == ([one_line(text)], [one_line(text)])


def told(text: str) -> Past:
    """A past in which everything that others can write is one text."""
    dataset = Dataset(text, Family.V4)
    dataset.add("198.51.100.7", "", f"by {text}", 1)
    dataset.add(text, "", f"by {text}", 2)
    run = RunRecord(
        NOW,
        NOW,
        3,
        what=text,
        cure=text,
        counts=Counts(left_out={text: 1}, foreign={text: 2}),
        seconds={text: 1.0},
        build=text,
        role=text,
        held=(HeldRecord(text, text, 1, 1, collection=text),),
        warnings=(text,),
        refused={text: text},
        sets=(SetRecord(text, 4, 3, 4, 3, 1),),
        collections=(CollectionRecord(text, 4, 3),),
        number=7,
    )
    act = replace(run, act=Act(text, text, text, text))
    standing = Standing(text, run, None, 1, run.sets, NOW)
    allowed = Allowed(text, text, NOW, text)
    return Past(standing, text, 30, (run,), (act,), (), (allowed,), (dataset,), (text,))


MARK = "quokka"
PLAIN = Read(page(told(MARK)).decode())


@given(TEXTS)
def test_no_text_adds_an_element_or_an_attribute_to_the_page(text: str) -> None:
    read = Read(page(told(text)).decode())
    assert read.elements == PLAIN.elements
    shown = one_line(text)
    assert read.texts == [t.replace(MARK, shown) for t in PLAIN.texts]
    assert read.values == [v and v.replace(MARK, shown) for v in PLAIN.values]


def test_the_page_shows_every_text_that_others_can_write() -> None:
    assert sum(text.count(MARK) for text in PLAIN.texts) > 30


def test_a_page_refers_to_nothing_but_its_own_parts() -> None:
    ids = {v for v in PLAIN.values if v}
    used = [v for v in PLAIN.values if v and v.startswith("#")]
    assert used
    assert {link.removeprefix("#") for link in used} <= ids
    names = {name for _, names in PLAIN.elements for name in names}
    assert not names & {"src", "srcset", "onload", "onclick", "action", "xlink:href"}
    assert not {tag for tag, _ in PLAIN.elements} & {"script", "link", "img", "iframe"}
    assert not any("url(" in text or "@import" in text for text in PLAIN.texts)
