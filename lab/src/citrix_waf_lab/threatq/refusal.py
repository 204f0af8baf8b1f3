"""A request that is refused: said by whoever finds it, put into words by the API."""


class Refusal(Exception):  # noqa: N818 - it is an answer of the emulator, not an error
    """The request cannot be done.

    Attributes:
        status: the HTTP status; None for whatever a failed validation answers.
        place: the field that is wrong.
        words: what is wrong with it.
    """

    def __init__(self, status: int | None, place: str, words: str) -> None:
        super().__init__(status, place, words)
        self.status = status
        self.place = place
        self.words = words
