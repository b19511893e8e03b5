"""What the pages bring to the house: the start page and what belongs to all products."""

from octavo.kernel.module import Module
from octavo.ui.routes import pages

MODULE = Module(name="ui", routes=pages.routes)
