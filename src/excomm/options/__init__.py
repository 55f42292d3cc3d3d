"""Options: what happens if they accept, counter or refuse; what a change of posture tells them."""
