"""The inbox: who waits for an answer, why they are here, and the answer itself."""
