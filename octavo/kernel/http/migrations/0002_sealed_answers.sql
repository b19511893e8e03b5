-- Answers are kept sealed from now on. What was kept before cannot be opened: whoever repeats such a request is told that
-- its outcome is not known, and nothing is done twice.
UPDATE http.repetition SET status = NULL, headers = NULL, body = NULL;
