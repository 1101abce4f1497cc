"""The workspace itself. Rule: pure state; it tells the time through the injected clock and knows nothing of HTTP."""
