-- Since when somebody plays a film that is still being encoded: the first rung then goes ahead of the others.
ALTER TABLE media.asset ADD COLUMN first_played_at timestamptz;
