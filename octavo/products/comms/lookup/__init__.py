"""What is known of a telephone number: its plan by libphonenumber, and what a simulated register says of it."""
