"""What search engines read of a public film: schema.org's VideoObject."""

from typing import Any

from octavo.products.video.title.rows import Title


def video_object(title: Title, public_url: str) -> dict[str, Any]:
    """See https://schema.org/VideoObject. Only what is known is said."""
    known: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": title.title,
        "description": title.description or title.title,
        "uploadDate": (title.published_at or title.uploaded_at).isoformat(),
        "url": f"{public_url}/video/titles/{title.id}",
    }
    if title.poster_url:
        known["thumbnailUrl"] = public_url + title.poster_url
    if title.duration:
        known["duration"] = f"PT{round(title.duration)}S"
    if title.tags or title.hashtags:
        known["keywords"] = [*title.tags, *title.hashtags]
    return known
