"""The page at ``/``: a box for a post, and what we say about it."""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kiemtin.errors import BundleError, InputError, KiemtinError
from kiemtin.scoring import MAX_CHARS, Item
from serving.console.en import EN
from serving.console.examples import EXAMPLES
from serving.console.vi import VI
from serving.console.view import Verdict, verdict_of
from serving.console.words import Words
from serving.deps import EngineDep, SettingsDep
from serving.engine import Engine
from serving.middleware import CSP
from serving.problems import status_of

router = APIRouter(include_in_schema=False)

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
        scorer = None if self.engine.refusal else self.engine.scorer
        html = _TEMPLATES.get_template("page.html").render(
            w=self.words,
            verdict=verdict,
            error=error and self._explain(error, text),
            text=text,
            examples=EXAMPLES,
            model=scorer and scorer.model,
            digest=self.engine.short_digest,
            policy_version=scorer and scorer.policy.version,
            docs=self.docs,
        )
        status = status_of(type(error)) if error else HTTPStatus.OK
        return HTMLResponse(html, status, {CSP: _CSP})

    def _explain(self, error: KiemtinError, text: str) -> str:
        template = self.words.errors.get(error.code, self.words.not_ready)
        return template.format(code=error.code, n=len(text), limit=MAX_CHARS)


def _page(engine: EngineDep, settings: SettingsDep, lang: str = VI.lang) -> Page:
    return Page(engine, EN if lang == EN.lang else VI, settings.docs)


PageDep = Annotated[Page, Depends(_page)]


@router.get("/")
def show_form(page: PageDep) -> HTMLResponse:
    """Show the empty form; it says at once if nothing can be scored."""
    return page.show(error=page.engine.refusal)


@router.post("/")
def show_verdict(
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
        (result,) = page.engine.score([Item("page", text, explain=True)])
        if isinstance(result, InputError):
            raise result
    except (InputError, BundleError) as e:
        return page.show(text=text, error=e)
    policy = page.engine.scorer.policy
    return page.show(text=text, verdict=verdict_of(text, result, policy, page.words))
