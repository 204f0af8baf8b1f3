"""Opens a page in Debian's Chromium as people do; prints what was seen, as JSON.

Run by the Python of an environment with Playwright and axe-core; the tests read what it
prints. The page is looked at in two widths and in both colour schemes.

    python look.py CHROMIUM PAGE FOLDER-FOR-PICTURES
"""

import json
import sys
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = {"desktop": (1120, 1400), "320": (320, 1400)}
SCHEMES = ("light", "dark")
_TABS = 60
_TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"
_UNFOLD = "all => all.forEach(one => one.open = true)"
_PRINTED = "one => one.getBoundingClientRect().height"
_FOCUSED = """() => {
    const one = document.activeElement, style = getComputedStyle(one);
    return {
        name: one.localName, to: one.getAttribute('href'),
        shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        place: [...document.querySelectorAll('*')].indexOf(one),
    };
}"""


def main(chromium: str, file: Path, pictures: Path) -> None:
    """Look at a page in every way, and print what was seen."""
    with sync_playwright() as playwright:
        # The sandbox needs a user of its own; the page is ours, and root runs CI.
        arguments = ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        seen = {
            f"{width}-{scheme}": _look(browser, file, pictures, (width, scheme))
            for width in WIDTHS
            for scheme in SCHEMES
        }
        browser.close()
    print(json.dumps(seen))


def _look(
    browser: Browser, file: Path, pictures: Path, how: tuple[str, str]
) -> dict[str, Any]:
    width, scheme = how
    wide, high = WIDTHS[width]
    options = {"viewport": {"width": wide, "height": high}, "color_scheme": scheme}
    context = browser.new_context(**options)
    asked: list[str] = []
    said: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file.as_uri())
    picture = page.screenshot(path=pictures / f"report-{width}-{scheme}.png")
    seen = {
        "asked": asked[:],
        "said": said,
        "too_wide": page.evaluate(_TOO_WIDE),
        "same_without_scripts": picture == _without_scripts(browser, file, options),
        "tabs": _tabs(page),
        **_judged(page),
    }
    page.locator("details").evaluate_all(_UNFOLD)
    seen["unfolded"] = {"too_wide": page.evaluate(_TOO_WIDE), **_judged(page)}
    context.close()
    return seen


def _without_scripts(browser: Browser, file: Path, options: dict[str, Any]) -> bytes:
    context = browser.new_context(java_script_enabled=False, **options)
    page = context.new_page()
    page.goto(file.as_uri())
    picture: bytes = page.screenshot()
    context.close()
    return picture


def _judged(page: Page) -> dict[str, Any]:
    """Return what axe-core says, and whether what is folded would be printed."""
    found = Axe().run(page).response
    page.emulate_media(media="print")
    printed = page.locator("details table").first.evaluate(_PRINTED)
    page.emulate_media(media="screen")
    return {
        "violations": [_told(one) for one in found["violations"]],
        "passes": len(found["passes"]),
        "printed": printed,
    }


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
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
