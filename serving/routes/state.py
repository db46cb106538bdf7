"""Whether the service lives, whether it is ready, and what it knows of itself."""

from importlib.metadata import version

from fastapi import APIRouter

from kiemtin.labels import HEADS, Label
from kiemtin.schemas import MAX_CHARS
from serving.access.needs import needs
from serving.bodies import most_values
from serving.deps import DatabaseDep, EngineDep, SettingsDep
from serving.engine import Lane
from serving.meanings import MEANINGS
from serving.openapi import problems
from serving.schemas.score import MAX_ID_CHARS
from serving.schemas.state import (
    DatabaseOut,
    GoldensOut,
    InfoOut,
    LabelOut,
    LimitsOut,
    LiveOut,
    PolicyOut,
    ReadyOut,
    SegmenterOut,
)

router = APIRouter(tags=["state"])


@router.get("/live", summary="Is the process there?")
async def live() -> LiveOut:  # not in a thread: those may all be busy scoring
    """Say that the process answers; whether it scores, /ready says."""
    return LiveOut(status="live")


@router.get("/ready", summary="Does it score as promised?", responses=problems(503))
def ready(engine: EngineDep, database: DatabaseDep) -> ReadyOut:
    """Say that the golden texts were scored as promised and the database answers."""
    model = engine.model
    return ReadyOut(
        status="ready",
        model=model.out,
        policy_version=model.policy.version,
        normalizer_version=model.manifest.normalizer_version,
        goldens=GoldensOut(
            n=model.proof.n_goldens,
            largest_difference=round(model.proof.largest_difference, 6),
            tolerance=model.manifest.golden_tolerance,
        ),
        database=DatabaseOut(dialect=database.dialect, revision=database.check()),
    )


@router.get(
    "/v1/info",
    summary="Model, labels, policy, limits",
    responses=problems(503),
    dependencies=[needs()],
)
def info(engine: EngineDep, settings: SettingsDep) -> InfoOut:
    """Describe the model, its labels, the policy and the limits."""
    model = engine.model
    manifest, policy = model.manifest, model.policy
    most_waiting = engine.crew.most_waiting
    heads = {label: head for head, labels in HEADS.items() for label in labels}
    return InfoOut(
        name="kiemtin",
        version=version("kiemtin"),
        model=model.out,
        labels=[
            LabelOut(
                label=x,
                says=MEANINGS[x].says,
                does_not_say=MEANINGS[x].does_not_say,
                head=heads[x],
            )
            for x in Label
        ],
        heads={head: list(labels) for head, labels in HEADS.items()},
        policy=PolicyOut(
            version=policy.version,
            thresholds=policy.thresholds,
            severities=policy.severities,
        ),
        limits=LimitsOut(
            text_chars=MAX_CHARS,
            items=settings.max_items,
            body_bytes=settings.max_body_bytes,
            body_values=most_values(settings.max_items),
            body_s=settings.body_s,
            id_chars=MAX_ID_CHARS,
            header_bytes=settings.max_header_bytes,
            interactive_items_per_minute=settings.interactive_items_per_minute or None,
            bulk_items_per_minute=settings.bulk_items_per_minute or None,
            queue_tokens=most_waiting[Lane.INTERACTIVE],
            bulk_queue_tokens=most_waiting[Lane.BULK],
            deadline_s=settings.deadline_s,
            bulk_deadline_s=settings.bulk_deadline_s,
        ),
        normalizer_version=manifest.normalizer_version,
        segmenter=SegmenterOut(
            name=manifest.segmenter.name, version=manifest.segmenter.version
        ),
        window=manifest.window,
        languages=["vi"],
        retention_days=settings.retention_days,
    )
