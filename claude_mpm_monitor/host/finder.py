"""Act on a module right after somebody has imported it, without importing it ourselves."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

Action = Callable[[ModuleType], None]


class PostImportFinder(MetaPathFinder):
    """Finds nothing itself: lets the others find, and calls `actions[name]` after the import.

    Any thread, as imports are. An action must not raise.
    """

    def __init__(self, actions: Mapping[str, Action]) -> None:
        self._actions = dict(actions)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec the next finder has for a watched module, wrapped; None for all others."""
        action = self._actions.get(fullname)
        if action is None:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _ActingLoader(spec.loader, action)
                return spec
        return None


class _ActingLoader(Loader):
    """Loads as the real loader does, then puts that one back in its place and acts."""

    def __init__(self, real: Loader, action: Action) -> None:
        self._real = real
        self._action = action

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._real
        if module.__spec__ is not None:
            module.__spec__.loader = self._real
        self._real.exec_module(module)
        self._action(module)


def install(actions: Mapping[str, Action]) -> bool:
    """Watch for the modules named in `actions`; those imported already are acted on at once.

    Called again (a virtual environment runs its ``.pth`` lines twice) it does nothing and
    returns False.
    """
    if any(isinstance(finder, PostImportFinder) for finder in sys.meta_path):
        return False
    sys.meta_path.insert(0, PostImportFinder(actions))
    for name, action in actions.items():
        if name in sys.modules:
            action(sys.modules[name])
    return True
