"""Where the database and the queue are, and the small differences between ours and the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

OWNER, APP = "smehub_owner", "smehub_app"


@dataclass(frozen=True)
class Databases:
    """One database, seen by two roles: the owner migrates, the application only reads and writes rows."""

    app: str
    owner: str
    direct: str  # for LISTEN, which a pooler in front of `app` would swallow

    @property
    def has_two_roles(self) -> bool:
        return self.app_role != urlsplit(self.owner).username

    @property
    def app_role(self) -> str | None:
        return urlsplit(self.app).username

    def named(self, database: str) -> Databases:
        """The same server and roles, another database."""
        return Databases(*(named(url, database) for url in (self.app, self.owner, self.direct)))


def named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def database_url(role: str, password: str, port: int, database: str) -> str:
    return f"postgres://{role}:{quote(password, safe='')}@127.0.0.1:{port}/{database}"


def redis_url(password: str, port: int) -> str:
    return f"redis://:{quote(password, safe='')}@127.0.0.1:{port}/0"
