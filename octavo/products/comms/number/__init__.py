"""Phone numbers: the stock to choose from, and the numbers that accounts own."""
