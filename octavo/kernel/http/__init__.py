"""HTTP: typed routes with declared access, refusals as answers, and the server that carries them."""

from octavo.kernel.http._access import Access, granted, public, role, signed_in
from octavo.kernel.http._answers import (
    Answer,
    Bytes,
    Cookie,
    EventStream,
    FileRange,
    RangeReader,
    Redirect,
    ServerEvent,
    View,
)
from octavo.kernel.http._application import Application
from octavo.kernel.http._body import BodyStream, ClientGone, content_type, parse_pairs
from octavo.kernel.http._build import RouteWithoutAccess, build_app
from octavo.kernel.http._document import api_document
from octavo.kernel.http._household import household
from octavo.kernel.http._matrix import Entry, access_matrix
from octavo.kernel.http._mount import RouteTwice
from octavo.kernel.http._multipart import MultipartParts, Part
from octavo.kernel.http._parameters import HandlerUnclear
from octavo.kernel.http._request import Request
from octavo.kernel.http._routes import WEBSOCKET, Dialect, Handler, Limit, Route, Router
from octavo.kernel.http._server import serve
from octavo.kernel.http._site import Authenticator, Renderer
from octavo.kernel.http._socket import Socket, decode_message
from octavo.kernel.http._tree import BadTemplate

__all__ = [
    "WEBSOCKET",
    "Access",
    "Answer",
    "Application",
    "Authenticator",
    "BadTemplate",
    "BodyStream",
    "Bytes",
    "ClientGone",
    "Cookie",
    "Dialect",
    "Entry",
    "EventStream",
    "FileRange",
    "Handler",
    "HandlerUnclear",
    "Limit",
    "MultipartParts",
    "Part",
    "RangeReader",
    "Redirect",
    "Renderer",
    "Request",
    "Route",
    "RouteTwice",
    "RouteWithoutAccess",
    "Router",
    "ServerEvent",
    "Socket",
    "View",
    "access_matrix",
    "api_document",
    "build_app",
    "content_type",
    "decode_message",
    "granted",
    "household",
    "parse_pairs",
    "public",
    "role",
    "serve",
    "signed_in",
]
