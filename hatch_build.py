"""Builds the UI's bundle into the package when it is not there yet.

An sdist holds the bundle, so that installing one needs no Node. A checkout does not: building from it (a git
install, say) finds a Node or brings one from the package index, see frontend/node.py.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
MANIFEST = ROOT / "plugin" / "windsock" / "static" / ".vite" / "manifest.json"


def _node() -> ModuleType:
    spec = importlib.util.spec_from_file_location("windsock_node", ROOT / "frontend" / "node.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("frontend/node.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's hook around every build of an sdist or a wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node as a wheel, only where it is needed and not there."""
        node = _node()
        return [] if MANIFEST.is_file() or node.find_present() else [node.WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the bundle. An editable install goes without: `make` builds it there when sources change."""
        if MANIFEST.is_file() or version == "editable":
            return
        self.app.display_info("Building the UI: no bundle in plugin/windsock/static")
        node = _node()
        try:
            node.run_npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
            node.run_npm("run", "build")
        except (node.NodeNotFoundError, OSError) as error:
            sys.exit(f"The UI could not be built: {error}")
