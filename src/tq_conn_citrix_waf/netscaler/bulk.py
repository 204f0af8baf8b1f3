"""How many values one request carries: grows while it goes well, halves on trouble."""

FIRST = 200
MOST = 1000
SLOW_SECONDS = 10.0


class Bulk:
    """The size of the next batch.

    The largest array that NITRO takes is not documented; 200 is in the middle of what
    clients send. After each trouble twice as many good batches are needed before the
    size grows again, so that a limit is not run into over and over.
    """

    def __init__(self, first: int = FIRST, most: int = MOST) -> None:
        self.size = first
        self._most = most
        self._needed = 1
        self._good = 0

    def went_well(self, count: int, seconds: float) -> None:
        """Take in a batch of which every fate is known, and how long it took."""
        if count < self.size:
            return
        if seconds > SLOW_SECONDS:
            self.size = max(1, self.size // 2)
            return
        self._good += 1
        if self._good >= self._needed:
            self._good = 0
            self.size = min(self._most, self.size * 2)

    def trouble(self, refused: int = MOST) -> None:
        """Take in a batch that was lost, cut short or refused as a whole.

        Args:
            refused: how many values it had; the next ask must be for fewer.
        """
        self.size = max(1, min(self.size, refused) // 2)
        self._needed *= 2
        self._good = 0
