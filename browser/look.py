"""Opens a page in Debian's Chromium as people do; prints what was seen, as JSON.

Run by the Python of an environment that has Playwright and axe-core; the tests read what
it prints. A look is a width and a colour scheme; scripts of the page's own are off, as
axe-core's are the only ones.

    python look.py PAGE FOLDER-FOR-PICTURES
"""

import json
import sys
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = {"desktop": (1280, 900), "320": (320, 640)}
SCHEMES = ("light", "dark")
_TABS = 60
_TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"
_FOCUSED = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    return {
        name: one.tagName.toLowerCase(), text: one.textContent.trim(),
        to: one.getAttribute('href'), width: box.width,
        shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        place: [...document.querySelectorAll('*')].indexOf(one),
    };
}"""


def main(file: Path, pictures: Path) -> None:
    """Look at a page in every way, and print what was seen."""
    with sync_playwright() as playwright:
        # The sandbox needs a user of its own; the page is ours, and root runs CI.
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        seen = {
            f"{width}-{scheme}": _look(browser, file, pictures, width, scheme)
            for width in WIDTHS
            for scheme in SCHEMES
        }
        browser.close()
    print(json.dumps(seen))


def _look(
    browser: Browser, file: Path, pictures: Path, width: str, scheme: Any
) -> dict[str, Any]:
    wide, high = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": wide, "height": high}, color_scheme=scheme
    )
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(file.as_uri())
    page.screenshot(path=pictures / f"report-{width}-{scheme}.png")
    found = Axe().run(page).response
    seen = {
        "asked": [url for url in asked if url != file.as_uri()],
        "said": said,
        "too_wide": page.evaluate(_TOO_WIDE),
        "violations": [_told(one) for one in found["violations"]],
        "passes": len(found["passes"]),
        "tabs": _tabs(page),
        "scripts": page.locator("script").count(),
    }
    page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
    seen["too_wide_unfolded"] = page.evaluate(_TOO_WIDE)
    page.screenshot(path=pictures / f"whole-{width}-{scheme}.png", full_page=True)
    context.close()
    return seen


def _told(violation: dict[str, Any]) -> dict[str, Any]:
    nodes = [node["html"][:200] for node in violation["nodes"]]
    return {"id": violation["id"], "impact": violation["impact"], "nodes": nodes}


def _tabs(page: Page) -> list[dict[str, Any]]:
    """Go through the page by the tabulator, until it begins anew."""
    found: list[dict[str, Any]] = []
    for _ in range(_TABS):
        page.keyboard.press("Tab")
        one = page.evaluate(_FOCUSED)
        if one["name"] == "body" or one in found:
            break
        found.append(one)
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
