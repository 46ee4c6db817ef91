"""The agent over a real server whose model writes nonsense: what must hold whatever it says."""
