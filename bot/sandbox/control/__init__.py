"""What people do in the sandbox, over `/sandbox/...`: the page, tests and the demo's story use it."""
