"""The log and everything that commits with it: events, identity, lead state, transitions, clocks, due rows, outbox.

Others submit `commands` to the one writer and read through `queries`; nobody else writes here.
"""
