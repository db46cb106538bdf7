"""What is around every page of the review console: who sees it, in which language."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kiemtin.errors import KiemtinError
from serving.access.csrf import FIELD, csrf_token
from serving.access.principals import Principal
from serving.access.scopes import Scope
from serving.access.signing_in import CONSOLE, COOKIE
from serving.bodies import FormRoute, Handler
from serving.console.desk.en import EN
from serving.console.desk.vi import VI
from serving.console.desk.words import Words
from serving.db import Database, Preferences
from serving.middleware import CSP
from serving.problems import problem_response, status_of
from serving.review.people import Reviewer

LANGUAGE = "kiemtin_language"
"""The cookie that remembers which one was chosen."""
_YEAR_S = 365 * 86_400
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES = (
    ("board", CONSOLE, "queue", {Scope.REVIEW}),
    ("lead", f"{CONSOLE}/lead", "lead", {Scope.LEAD}),
    ("appeals", f"{CONSOLE}/appeals", "appeals", {Scope.LEAD}),
    ("report", f"{CONSOLE}/report", "report", {Scope.EXPORT, Scope.LEAD}),
    ("settings", f"{CONSOLE}/settings", "settings", {Scope.REVIEW}),
)
"""Each with its address, its name in ``Shell``, and who may see it."""
_COVERED: Mapping[str, int] = {"blur": 1, "grey": 0, "budget": 0}


@dataclass(frozen=True, slots=True)
class Frame:
    """
    The page for one request.

    Attributes:
        at: The address under which the page can be had again, in another language.
        chosen: How the person wants it; see ``Preferences``.
    """

    request: Request
    words: Words
    principal: Principal | None
    at: str = CONSOLE
    chosen: Mapping[str, int] = field(default_factory=lambda: dict(_COVERED))

    @property
    def who(self) -> Reviewer:
        """Who works here."""
        if self.principal is None:
            msg = "nobody is signed in"
            raise ValueError(msg)
        is_lead = self.principal.may(Scope.LEAD)
        return Reviewer(self.principal.person, self.principal.queues, is_lead)

    def wanted_by(self, database: Database, at: str | None = None) -> Self:
        """Return this page as its person wants pages, to be had again at *at*."""
        with database.session() as session:
            chosen = Preferences(session).get(self.who.person)
        return replace(self, chosen=chosen, at=at or self.at)

    def may(self, scope: Scope) -> bool:
        """Say whether *scope* is open to who sees the page."""
        return self.principal is not None and self.principal.may(scope)

    def show(
        self,
        template: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        here: str = "",
        said: str | None = None,
        **shown: Any,
    ) -> HTMLResponse:
        """
        Return a page.

        Args:
            template: Its file.
            status: Whether all is well.
            here: Which of the pages in the navigation this is.
            said: The code of what was just done; one that is unknown is nothing.
            shown: What the template asks for.
        """
        html = _TEMPLATES.get_template(f"desk/{template}").render(
            w=self.words,
            root=self.request.scope.get("root_path", ""),
            principal=self.principal,
            links=self._links(),
            at=self.at,
            here=here,
            chosen=self.chosen,
            csrf=self._csrf(),
            said=self.words.said.get(said or ""),
            **shown,
        )
        answer = HTMLResponse(html, status, {CSP: _CSP, "Cache-Control": "no-store"})
        self._remember_language(answer)
        return answer

    def go(self, path: str, **query: str) -> RedirectResponse:
        """Send the browser to another page of the console, which is then asked for."""
        root = self.request.scope.get("root_path", "")
        address = f"{root}{path}?{urlencode(query)}" if query else f"{root}{path}"
        return RedirectResponse(address, HTTPStatus.SEE_OTHER)

    def show_error(self, error: KiemtinError, code: str = "") -> HTMLResponse:
        """Return the page that says what is wrong, in the words for *code*."""
        said = self.words.errors[code] if code else self.explain(error)
        return self.show("error.html", status=status_of(type(error)), error=said)

    def explain(self, error: KiemtinError) -> str:
        """Return in words what is wrong."""
        errors = self.words.errors
        return errors.get(error.code, errors["other"]).format(code=error.code)

    def _links(self) -> list[tuple[str, str, str]]:
        return [
            (name, path, getattr(self.words.shell, word))
            for name, path, word, scopes in _PAGES
            if any(map(self.may, scopes))
        ]

    def _csrf(self) -> Markup:
        token = csrf_token(self.request.cookies.get(COOKIE, ""))
        return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token)

    def _remember_language(self, answer: Response) -> None:
        if self.request.query_params.get("lang") == self.words.lang:
            answer.set_cookie(
                LANGUAGE,
                self.words.lang,
                max_age=_YEAR_S,
                path=CONSOLE,
                secure=self.request.url.scheme == "https",
                httponly=True,
                samesite="lax",
            )


def words_of(request: Request) -> Words:
    """Return the language that was asked for, or chosen before, or Vietnamese."""
    lang = request.query_params.get("lang") or request.cookies.get(LANGUAGE)
    return EN if lang == EN.lang else VI


def frame_of(request: Request) -> Frame:
    """Return the page for *request*, whoever sent it; the database is not asked."""
    principal = getattr(request.state, "principal", None)
    return Frame(request, words_of(request), principal)


def explain(request: Request, error: KiemtinError) -> Response:
    """Return the page that says why another is not shown; a script is told in JSON."""
    said = problem_response(request, error)
    if "application/json" in request.headers.get("accept", ""):
        return said
    answer = frame_of(request).show_error(error)
    for name in ("Retry-After", "WWW-Authenticate"):
        if name in said.headers:
            answer.headers[name] = said.headers[name]
    return answer


class DeskRoute(FormRoute):
    """A route of the console: what goes wrong is said on a page."""

    def get_route_handler(self) -> Handler:
        """Return the handler, with a page for each of our errors."""
        handle = super().get_route_handler()

        async def explained(request: Request) -> Response:
            try:
                return await handle(request)
            except KiemtinError as e:
                return explain(request, e)

        return explained


async def _frame(request: Request) -> Frame:
    return frame_of(request)


FrameDep = Annotated[Frame, Depends(_frame)]
