"""Import: history from files, from the command line and from the console, and the way back out of it."""
