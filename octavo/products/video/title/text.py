"""What titles are called and tagged: tags, the hashtags and links of a description, a title from a file's name."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

import msgspec

TAG_LENGTH = 50
TITLE_LENGTH = 150

_HASHTAG = re.compile(rf"(?<![\w&/#])#(\w{{1,{TAG_LENGTH}}})(?!\w)")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_FOUND = re.compile(f"(?P<link>{_LINK.pattern})|(?P<hashtag>{_HASHTAG.pattern})")


class Span(msgspec.Struct, frozen=True):
    """A piece of a description. `tag` is set for a hashtag, `href` for a link."""

    kind: Literal["text", "hashtag", "link"]
    text: str
    tag: str = ""
    href: str = ""


def spans(description: str) -> list[Span]:
    """The description cut at its hashtags and links; the texts joined give the description again."""
    found: list[Span] = []
    end = 0
    for match in _FOUND.finditer(description):
        if match["hashtag"] and not _names_something(match["hashtag"][1:]):
            continue
        if match.start() > end:
            found.append(Span("text", description[end : match.start()]))
        text = match[0]
        if match["hashtag"]:
            found.append(Span("hashtag", text, tag=normal_tag(text)))
        else:
            found.append(Span("link", text, href=text))
        end = match.end()
    if end < len(description):
        found.append(Span("text", description[end:]))
    return found


def hashtags(description: str) -> list[str]:
    """The tags a description names with `#`, each once, in their order."""
    return distinct(span.tag for span in spans(description) if span.kind == "hashtag")


def normal_tag(text: str) -> str:
    """One spelling per tag: no `#`, composed, lower case, single spaces; empty when nothing is left."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(c if c.isalnum() or c in "_-" or unicodedata.category(c).startswith("M") else " " for c in folded)
    # Folding can lengthen a text (one ligature becomes three letters): the cut comes last.
    return unicodedata.normalize("NFKC", " ".join(letters.split()))[:TAG_LENGTH].strip()


def split_tags(text: str) -> list[str]:
    """Tags as a person types them: `Space, documentary, #moon`."""
    return re.split(r"[,;\n]", text)


def distinct(tags: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(tag for tag in tags if tag))


def title_from_filename(filename: str) -> str:
    """A first title for an upload: the file's own name without folders, ending, and machine punctuation."""
    name = re.split(r"[/\\]", filename)[-1]
    stem = re.sub(r"\.\w{1,5}$", "", name)
    printable = "".join(c if c.isprintable() else " " for c in stem)
    words = re.sub(r"[\s._+]+", " ", printable).strip(" -")
    return words[:TITLE_LENGTH].strip() or "Untitled film"


def _names_something(tag: str) -> bool:
    """`#1` numbers something and `#_` is noise; a tag has a letter in it."""
    return any(c.isalpha() for c in tag)
