"""A workspace's double, on which a call can be done that is answered but never kept."""

import copy

from bot.sandbox.state.workspace import Workspace


def shadow(workspace: Workspace) -> Workspace:
    """Return a copy that nobody listens to; ids and timestamps come from the original's maker, so none comes twice."""
    # What the memo holds is taken as it is instead of being copied.
    memo: dict[int, object] = {id(workspace.make): workspace.make}
    memo |= {id(listeners): [] for name, listeners in vars(workspace).items() if name.startswith("on_")}
    return copy.deepcopy(workspace, memo)
