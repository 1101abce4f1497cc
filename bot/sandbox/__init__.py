"""A Slack-compatible workspace on this computer, for the demo, drills and tests.

The bot under test reaches it only as it reaches Slack: over HTTP and WebSocket. Nothing in the product imports it,
except the command line.

    setup/     the workspace file, read and built; Northwind is one
    state/     the workspace itself: people, channels, messages, views; pure, it knows no HTTP
    methods/   the Web API, one module a family; `methods.HANDLERS` is the registry
    delivery/  events, commands and interactions on their way to the app: signed HTTP or Socket Mode
    control/   what people do (the page, tests and the demo's story use it): `/sandbox/...`
    page/      the web page
    server.py  one server for all workspaces (tenants.py); access.py says which one a call is about
    people.py  a client that plays people over the control API
    command.py `muster sandbox`
"""
