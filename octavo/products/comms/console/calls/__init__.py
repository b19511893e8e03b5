"""What a virtual phone hears: the spoken words of calls, as text, and the digits that are pressed in answer."""
