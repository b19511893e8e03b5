"""The web phone: virtual handsets in the browser, where a person reads and answers messages as their owners would."""
