"""Makes the environment that looks at the report: Playwright and axe-core.

The browser is Debian's: Playwright's own would come from a place of its own.
"""

import sys
from pathlib import Path

from interop.environments import ROOT, Needs, NoEnvironmentError, prepare

NEEDS = Needs(
    "browser",
    requirements=Path(__file__).parent / "requirements",
    home=ROOT / "build" / "browser",
)

if __name__ == "__main__":
    try:
        prepare(NEEDS)
    except NoEnvironmentError as error:
        sys.exit(f"browser: {error}")
