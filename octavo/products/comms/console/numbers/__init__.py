"""The console's pages about numbers: searching, buying, configuring, moving and releasing them."""
