"""Running and saved configuration, and whether they differ.

Saved changes by a save and by nothing else; running becomes saved by a reboot.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.netscaler.datasets import Dataset
from citrix_waf_lab.netscaler.node import FIRST_FEATURES
from citrix_waf_lab.netscaler.vocabulary import Refusal


@dataclass(slots=True)
class Settings:
    """What a configuration holds."""

    datasets: dict[str, Dataset] = field(default_factory=dict)
    features: set[str] = field(default_factory=lambda: set(FIRST_FEATURES))

    def copy(self) -> "Settings":
        """Return settings that go their own way from here on."""
        datasets = {name: dataset.copy() for name, dataset in self.datasets.items()}
        return Settings(datasets, set(self.features))

    def dataset(self, name: str) -> Dataset:
        """Return a data set by its name.

        Raises:
            Refusal: 2823.
        """
        found = self.datasets.get(name)
        if found is None:
            raise Refusal(2823)
        return found


class Configuration:
    """Both configurations of an appliance and the times of change and save."""

    def __init__(self, clock: Clock, dialect: Dialect) -> None:
        self._clock = clock
        self._dialect = dialect
        self.running = Settings()
        self.saved = Settings()
        self.changed = False
        self.changed_at = self.saved_at = clock.now()
        self._saving: tuple[datetime, datetime] | None = None

    def touch(self) -> None:
        """Note that the running configuration was changed now."""
        self.changed = True
        self.changed_at = self._clock.now()

    def save(self) -> float:
        """Save what is running.

        Returns:
            The seconds that it takes.

        Raises:
            Refusal: 293 or 1461, while another save runs.
        """
        now = self._clock.now()
        # A clock that was set back must not make a save last for ever.
        if self._saving is not None and self._saving[0] <= now < self._saving[1]:
            raise Refusal(int(self._dialect.number("concurrent_save_code")))
        seconds = self._dialect.number("save_seconds")
        self._saving = (now, now + timedelta(seconds=seconds))
        self.saved = self.running.copy()
        self.changed = False
        self.saved_at = now
        return seconds

    def restart(self) -> None:
        """Run what was saved; the rest is lost."""
        self.running = self.saved.copy()
        self.changed = False
        self._saving = None

    def restore(self, before: Settings) -> None:
        """Put a copy of earlier settings back; no index is given twice."""
        for name, dataset in before.datasets.items():
            dataset.next_index = self.running.datasets[name].next_index
        self.running = before
