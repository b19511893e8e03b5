"""All addresses of kernel.identity, from its rooms."""

from octavo.kernel.identity.account import routes as account
from octavo.kernel.identity.people import routes as people
from octavo.kernel.identity.registration import routes as registration
from octavo.kernel.identity.session import routes as session
from octavo.kernel.identity.user import routes as user

ROUTES = (
    *session.pages.routes,
    *session.api.routes,
    *registration.pages.routes,
    *registration.api.routes,
    *account.pages.routes,
    *account.api.routes,
    *user.api.routes,
    *people.pages.routes,
    *people.api.routes,
)
