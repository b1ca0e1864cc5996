"""Bounded, read-only SQL on Airflow's metadata database; the only place with SQL.

``rows`` holds what comes back, ``connection`` how a statement is run, and each of the other modules the
statements about one kind of thing. Every function takes a Connection made by ``connection.reading()``,
blocks, and belongs in the SQL threads, never on the event loop.
"""
