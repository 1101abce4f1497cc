"""What the app is told: events, slash commands, clicks and forms, over signed HTTP or Socket Mode."""
