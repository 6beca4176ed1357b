"""Facts about the game: prototypes extracted from its own definitions, and prices computed from them."""
