"""Moving pictures: the clock, what is decoded ahead, the player, and the AI's score of every frame."""
