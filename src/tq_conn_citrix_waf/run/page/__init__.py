"""The report as one page of HTML: how a site stands, and what became of it.

It needs nothing but itself: no network, no script, no font, no picture.
"""
