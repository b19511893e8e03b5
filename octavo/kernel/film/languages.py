"""Language tags as films carry them (ISO 639-2) turned into what players and people read (BCP 47, own names)."""

UNKNOWN = "und"

# ISO 639-2 codes, the bibliographic form second where there are two; then the shortest BCP 47 tag and its own name.
_LANGUAGES = """
ara ar العربية|ben bn বাংলা|bul bg Български|cat ca Català|ces,cze cs Čeština|cym,wel cy Cymraeg
dan da Dansk|deu,ger de Deutsch|ell,gre el Ελληνικά|eng en English|est et Eesti|eus,baq eu Euskara
fas,per fa فارسی|fin fi Suomi|fra,fre fr Français|gle ga Gaeilge|glg gl Galego|guj gu ગુજરાતી
heb he עברית|hin hi हिन्दी|hrv hr Hrvatski|hun hu Magyar|ind id Indonesia|isl,ice is Íslenska
ita it Italiano|jpn ja 日本語|kan kn ಕನ್ನಡ|kor ko 한국어|lav lv Latviešu|lit lt Lietuvių|mal ml മലയാളം
mar mr मराठी|msa,may ms Melayu|nld,dut nl Nederlands|nor no Norsk|pan pa ਪੰਜਾਬੀ|pol pl Polski
por pt Português|ron,rum ro Română|rus ru Русский|slk,slo sk Slovenčina|slv sl Slovenščina
spa es Español|sqi,alb sq Shqip|srp sr Српски|swa sw Kiswahili|swe sv Svenska|tam ta தமிழ்
tel te తెలుగు|tgl tl Tagalog|tha th ไทย|tur tr Türkçe|ukr uk Українська|urd ur اردو
vie vi Tiếng Việt|zho,chi zh 中文
"""
_ENTRIES = [entry.split(" ", 2) for line in _LANGUAGES.strip().splitlines() for entry in line.split("|")]
_TAGS = {code: tag for codes, tag, _ in _ENTRIES for code in codes.split(",")}
_NAMES = {tag: name for _, tag, name in _ENTRIES}
_CODES = {tag: codes.split(",")[-1] for codes, tag, _ in _ENTRIES}


def language_tag(written: str) -> str:
    """The BCP 47 tag for what a file says, UNKNOWN when it says nothing sensible."""
    tag = written.strip().replace("_", "-")
    first, *rest = tag.split("-")
    if not (
        2 <= len(first) <= 8 and all(part.isascii() and part.isalnum() and len(part) <= 8 for part in (first, *rest))
    ):
        return UNKNOWN
    return "-".join([_TAGS.get(first.lower(), first.lower()), *rest])


def language_name(tag: str) -> str:
    """What its speakers call a language, or nothing where this list does not know it."""
    return _NAMES.get(tag.partition("-")[0], "")


def language_code(tag: str) -> str:
    """The bibliographic code of a language (ISO 639-2/B), or nothing where this list does not know it."""
    return _CODES.get(tag.partition("-")[0], "")
