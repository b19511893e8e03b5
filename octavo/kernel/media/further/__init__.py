"""Further variants of a complete film: AV1, VP9, and the bright original beside what ordinary screens show."""
