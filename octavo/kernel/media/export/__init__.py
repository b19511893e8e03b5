"""Plain files of a film: progressive MP4 of each rung, WebM, exactly 640 by 480; made when asked for, then kept."""
