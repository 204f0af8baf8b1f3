"""``check``: a walk past all that a run needs, which changes nothing in either system.

1. A finding is a value: what was looked at, how it is, and the cure if it is not well.
2. What depends on something that failed is not checked; all else is.
3. No lock is taken: a run may be going on.
"""
