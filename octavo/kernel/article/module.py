"""What kernel.article brings to the house."""

from octavo.kernel.article import dialect
from octavo.kernel.article.routes import api
from octavo.kernel.module import Module

MODULE = Module(name="article", dialects=[dialect(api.routes)])
