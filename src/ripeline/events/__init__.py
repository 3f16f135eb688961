"""What happened: events, and the door's reasons to refuse one."""
