"""How review holds up: at the desk, at the door, and when the power goes."""
