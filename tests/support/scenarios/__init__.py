"""Every situation that ends a run badly: a table, played by tests and by the docs."""

from support.scenarios import configuration, source, state, target
from support.scenarios.stage import RAM, Played, Scenario, Stage, Told, play

SCENARIOS: tuple[Scenario, ...] = (
    *configuration.SCENARIOS,
    *source.SCENARIOS,
    *target.SCENARIOS,
    *state.SCENARIOS,
)

__all__ = ["RAM", "SCENARIOS", "Played", "Scenario", "Stage", "Told", "play"]
