"""The product's settings with five changes: quick password hashes, files served from where they lie and looked up as they
are asked for, no memory of reference rows, and no limit to what programs may ask."""

from sme_hub.settings import *  # noqa: F403
from sme_hub.settings import PASSWORD_HASHERS as REAL_HASHERS
from sme_hub.settings import STORAGES as REAL_STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *REAL_HASHERS]
STORAGES = REAL_STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = (
    True  # each test client starts the middleware anew: it need not read all files each time
)
REFERENCE_MEMO_SECONDS = 0  # a test's reference rows are gone with it
API_RATES = {"token": 0, "anonymous": 0}
