"""The storyboard: small pictures of a film as tiles on sheets, for the preview on the bar of time."""
