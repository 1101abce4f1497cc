"""`python -m tests.sandbox.page.serve`: the stub on port 8066, to work on the page by hand."""

from aiohttp import web

from tests.sandbox.page.stub import Stub

if __name__ == "__main__":
    web.run_app(Stub().app(), host="127.0.0.1", port=8066)
