"""Setting a sandbox up: the workspace file, read into a plan, built into workspaces."""
