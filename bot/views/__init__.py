"""What people see: state to Block Kit or Markdown. Pure; a view a file; text from outside goes through `blocks.py`."""
