"""The page itself: head, landmarks, its sections in the order they are asked for."""

from importlib.resources import files

from tq_conn_citrix_waf.run.page.course import course, last_runs, times
from tq_conn_citrix_waf.run.page.entries import foreign, left_out, never_block
from tq_conn_citrix_waf.run.page.markup import Element, document, h
from tq_conn_citrix_waf.run.page.now import now
from tq_conn_citrix_waf.run.page.past import Past
from tq_conn_citrix_waf.run.page.people import people
from tq_conn_citrix_waf.run.page.tables import instant

MADE_BY = "tq-conn-citrix-waf report"
"""Stands in the head of a page: so it is known again."""
_PARTS = (now, course, last_runs, people, left_out, never_block, foreign, times)


def page(shown: Past) -> bytes:
    """Return the page, UTF-8."""
    found = shown.standing
    title = f"{shown.block_list} on {found.appliance}"
    parts = [part(shown) for part in _PARTS]
    style = files("tq_conn_citrix_waf.run.page").joinpath("page.css").read_text("utf-8")
    head = h(
        "head",
        h("meta", charset="utf-8"),
        h("meta", name="generator", content=MADE_BY),
        h("meta", name="viewport", content="width=device-width, initial-scale=1"),
        h("meta", name="color-scheme", content="light dark"),
        h("meta", name="robots", content="noindex"),
        h("title", f"{found.level.name}: {title}"),
        h("style", style),
    )
    links = [
        h("li", h("a", *heading.children, href=f"#{part.attributes['id']}"))
        for part in parts
        for heading in part.children[:1]
        if isinstance(heading, Element)
    ]
    body = h(
        "body",
        h("a", "To the report", href="#now", class_="skip"),
        h(
            "header",
            h("p", "Block list report", class_="kind"),
            h("h1", shown.block_list, h("span", f" on {found.appliance}")),
            h("p", "Made ", instant(found.now), " UTC from the ledger alone."),
            h("nav", h("ul", *links), aria_label="Parts of this report"),
        ),
        h("main", *(h("p", gap, class_="gap") for gap in shown.gaps), *parts),
        h("footer", h("p", "All times are UTC. Made by ", h("code", MADE_BY), ".")),
    )
    return document("en", head, body)
