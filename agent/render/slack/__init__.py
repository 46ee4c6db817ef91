"""An answer as Slack's blocks and messages."""
