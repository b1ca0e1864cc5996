"""Windsock: an operations cockpit inside Apache Airflow's own pages."""

from __future__ import annotations

__version__ = "0.1.0"
