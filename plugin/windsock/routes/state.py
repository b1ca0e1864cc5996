"""What one API-server process keeps in memory: the snapshot, what callers may read, finished answers, errors."""

from __future__ import annotations

from windsock.access import RightsCache
from windsock.routes.answers import AnswerCache
from windsock.settings import get_settings


class AppState:
    """Made once per app; holds nothing that another process would have to know."""

    def __init__(self) -> None:
        self.rights = RightsCache(get_settings().snapshot_full_every_s)
        self.answers = AnswerCache()

    async def close(self) -> None:
        """Let go of everything."""
