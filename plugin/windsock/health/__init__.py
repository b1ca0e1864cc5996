"""What Windsock knows about the health of Dags, as pure functions over plain values.

Nothing here reads a database, a file or a clock, and nothing imports Airflow. What a function needs is
described by the protocols of :mod:`windsock.health.model`; any value with these attributes will do.
"""
