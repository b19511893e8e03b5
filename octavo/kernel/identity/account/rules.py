"""The languages an account can choose, and what the pages say after a change."""

# How each writes dates and numbers differs, so the regions of one language are choices of their own.
LOCALES = {
    "": "Standard",
    "en-US": "English (United States)",
    "en-GB": "English (United Kingdom)",
    "en-AU": "English (Australia)",
    "en-CA": "English (Canada)",
    "en-IE": "English (Ireland)",
    "en-IN": "English (India)",
    "en-NZ": "English (New Zealand)",
    "en-ZA": "English (South Africa)",
}

DONE = {
    "profile": "Your profile is saved.",
    "email": "Your e-mail address is changed. Sign in with the new one from now on.",
    "password": "Your password is changed, and every other device is signed out.",
    "session": "That device is signed out.",
    "sessions": "Every other device is signed out.",
}
