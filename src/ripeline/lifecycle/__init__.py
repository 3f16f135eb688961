"""What a transition causes: clocks and assignment."""
