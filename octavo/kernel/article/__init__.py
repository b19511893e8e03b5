"""The plain HTTP contracts that Octavo was asked for first: a dialect to which every product brings its own paths.

A product declares `article.dialect(routes)` among its dialects; all of that name answer on one port.
"""

from octavo.kernel.article._bodies import Fields, fields_of
from octavo.kernel.article._callers import caller, credentials_of, person
from octavo.kernel.article._dialect import ArticleRefusal, dialect

__all__ = ["ArticleRefusal", "Fields", "caller", "credentials_of", "dialect", "fields_of", "person"]
