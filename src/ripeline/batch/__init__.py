"""Questions about history: the lake, files of events, scores over both."""
