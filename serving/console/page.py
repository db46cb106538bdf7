"""The page at ``/``: a box for a post, and what we say about it."""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kiemtin.errors import BundleError, InputError, KiemtinError
from kiemtin.schemas import MAX_CHARS, Item
from serving.access.needs import needs
from serving.access.quotas import Charge
from serving.access.scopes import Scope
from serving.bodies import FormRoute
from serving.console.en import EN
from serving.console.examples import EXAMPLES
from serving.console.vi import VI
from serving.console.view import Verdict, verdict_of
from serving.console.words import Words
from serving.deps import EngineDep, SettingsDep
from serving.engine import Engine, Lane
from serving.errors import AccessError, BusyError
from serving.middleware import CSP
from serving.problems import problem_response, status_of

router = APIRouter(
    include_in_schema=False,
    route_class=FormRoute,
    dependencies=[needs(Scope.SCORE)],
)

_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Page:
    """The page for one request: in its language, about its model."""

    engine: Engine
    words: Words
    docs: bool

    def show(
        self,
        *,
        text: str = "",
        verdict: Verdict | None = None,
        error: KiemtinError | None = None,
    ) -> HTMLResponse:
        """Return the page with *text* in its box, and what came of it."""
        model = None if self.engine.refusal else self.engine.model
        html = _TEMPLATES.get_template("page.html").render(
            w=self.words,
            verdict=verdict,
            error=error and self._explain(error, text),
            text=text,
            examples=EXAMPLES,
            model=model and model.out,
            digest=self.engine.short_digest,
            policy_version=model and model.policy.version,
            docs=self.docs,
            locked=isinstance(error, AccessError),
        )
        status = status_of(type(error)) if error else HTTPStatus.OK
        return HTMLResponse(html, status, {CSP: _CSP})

    def _explain(self, error: KiemtinError, text: str) -> str:
        template = self.words.errors.get(error.code, self.words.not_ready)
        return template.format(code=error.code, n=len(text), limit=MAX_CHARS)


def _page(engine: EngineDep, settings: SettingsDep, lang: str = VI.lang) -> Page:
    return Page(engine, EN if lang == EN.lang else VI, settings.docs)


PageDep = Annotated[Page, Depends(_page)]


def explain(request: Request, error: KiemtinError) -> HTMLResponse:
    """Return the page that says why it is not shown."""
    state = request.app.state
    lang = request.query_params.get("lang", VI.lang)
    answer = _page(state.engine, state.settings, lang).show(error=error)
    said = problem_response(request, error).headers
    for name in ("Retry-After", "WWW-Authenticate"):
        if name in said:
            answer.headers[name] = said[name]
    return answer


@router.get("/")
def show_form(page: PageDep) -> HTMLResponse:
    """Show the empty form; it says at once if nothing can be scored."""
    return page.show(error=page.engine.refusal)


@router.post("/")
async def show_verdict(
    request: Request,
    page: PageDep,
    text: Annotated[str, Form()] = "",
    example: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Score the text of the form, or an example, and show both."""
    request.state.n_items = 1
    # A form sends every line end as two characters, whatever was typed.
    text = text.replace("\r\n", "\n")
    text = next((x.text for x in EXAMPLES if x.name == example), text)
    try:
        with Charge(request, Lane.INTERACTIVE, 1):
            scored = await page.engine.score([Item("page", text, explain=True)])
        (reply,) = scored.results
        if isinstance(reply, InputError):
            raise reply
    except (InputError, BundleError, BusyError) as e:
        return page.show(text=text, error=e)
    policy = scored.model.policy
    verdict = verdict_of(text, reply.parse(), policy, page.words)
    return page.show(text=text, verdict=verdict)
