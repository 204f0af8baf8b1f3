"""ThreatQ's state, without HTTP: what people and clients have put into it.

Everything random comes from one seed, so that the same seed gives the same ids, hashes
and tokens, also after a reset.
"""

import random

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.threatq.connectors import Connectors
from citrix_waf_lab.threatq.events import Events
from citrix_waf_lab.threatq.library import Library, entry_of
from citrix_waf_lab.threatq.query import TIME_FORM
from citrix_waf_lab.threatq.rate import Rate
from citrix_waf_lab.threatq.rendering import Gallery
from citrix_waf_lab.threatq.searches import Searches
from citrix_waf_lab.threatq.tokens import Tokens
from citrix_waf_lab.threatq.vocabulary import Vocabulary
from citrix_waf_lab.threatq.walk import Walks

FAULTS = ("expire_token", "revoke_refresh")
"""What can strike the state of a ThreatQ."""


class ThreatQ:
    """One ThreatQ instance.

    Args:
        clock: the lab's clock.
        dialect: the answers to what the facts leave open.
        rng: where ids, hashes and tokens come from; read once.
        client_id: the public id of the user flow, shown in ``config.js``.
        username: the e-mail address of the one user.
        password: the user's password.
        private_id: the id of the one pair of private credentials.
        private_secret: the secret of that pair.
    """

    def __init__(  # noqa: PLR0913 - the seam that the lab builds it by
        self,
        *,
        clock: Clock,
        dialect: Dialect,
        rng: random.Random,
        client_id: str,
        username: str,
        password: str,
        private_id: str,
        private_secret: str,
    ) -> None:
        self.clock = clock
        self.dialect = dialect
        self.client_id = client_id
        self.username = username
        self.password = password
        self.private_id = private_id
        self.private_secret = private_secret
        self._seed = rng.getrandbits(64)
        self.reset()

    def reset(self) -> None:
        """Go back to the state after start."""
        rng = random.Random(self._seed)  # noqa: S311 - must repeat, guards nothing
        self.vocabulary = Vocabulary(rng)
        self.library = Library(rng, self.vocabulary)
        self.searches = Searches(rng)
        self.connector_list = Connectors(rng)
        self.events = Events(rng)
        self.user_source, self.private_source = rng.sample(range(2, 90), 2)
        self.tokens = Tokens(self.clock, rng)
        self.gallery = Gallery(self.library, self.vocabulary)
        self.walks = Walks(
            self.clock, self.dialect, self.library, self.vocabulary, self.searches
        )
        self.rate = Rate(self.clock)

    def now_text(self) -> str:
        """Return the present instant as ThreatQ writes it: UTC, without a zone."""
        return self.clock.now().strftime(TIME_FORM)

    def put_collection(self, name: str, indicators: list[dict[str, object]]) -> None:
        """Make or replace a data collection; nothing is done if anything is wrong.

        Indicators that leave it stay in the library. One that is named twice is one.

        Raises:
            ValueError: the name is empty, or an indicator is not one; with words.
        """
        if not name:
            raise ValueError("a data collection has a name")
        self.searches.save_collection(name, self._put(indicators), self.now_text())

    def change_collection(
        self, name: str, add: list[dict[str, object]], remove: list[str]
    ) -> None:
        """Take members out by value, then add some; all or nothing.

        Raises:
            ValueError: there is no such collection, an indicator is not one, or a
                value is no member's; with words.
        """
        row = self.searches.collection(name)
        if row is None:
            known = ", ".join(repr(r.name) for r in self.searches.rows) or "none"
            raise ValueError(f"no data collection {name!r}; there are: {known}")
        leaving = set(remove)
        rows = [self.library.by_id[n] for n in row.members]
        missing = leaving - {i.value for i in rows}
        if missing:
            raise ValueError(f"not in {name!r}: {', '.join(sorted(missing)[:10])}")
        staying = {i.id for i in rows if i.value not in leaving}
        self.searches.save_collection(name, staying | self._put(add), self.now_text())

    def _put(self, indicators: list[dict[str, object]]) -> set[int]:
        entries = [entry_of(raw) for raw in indicators]
        self.library.check(entries)
        now = self.now_text()
        return {self.library.put(entry, now).id for entry in entries}

    def connectors(self) -> list[dict[str, object]]:
        """Return ``[{"id", "name", "is_active", "form"}]`` in order of creation.

        ``form`` is keyed by the labels that the UI shows; None: not filled in yet.
        """
        return self.connector_list.view()

    def fill_form(self, connector: str, form: dict[str, object]) -> None:
        """Fill in a connector's form, as a person does; only what is named changes.

        Raises:
            KeyError: there is no such connector.
            ValueError: it has no such field, or the value is of the wrong kind.
        """
        self.connector_list.fill(connector, form, self.now_text())

    def strike(self, fault: str, params: dict[str, object]) -> None:
        """Let a fault act on the state.

        ``expire_token``: all access tokens are invalid from now on.
        ``revoke_refresh``: all refresh tokens are. Neither takes parameters.

        Raises:
            ValueError: there is no such fault, or it takes no parameters.
        """
        if fault not in FAULTS:
            raise ValueError(f"no fault {fault!r}; there are: {', '.join(FAULTS)}")
        if params:
            raise ValueError(f"{fault} takes no parameters")
        if fault == "expire_token":
            self.tokens.expire_all()
        else:
            self.tokens.revoke_refreshes()
