"""Systems outside the mutual, to play against. They use its public face only."""
