"""An invented kernel that is hard to follow: programs for it, what they really do, and what walker makes of them."""
