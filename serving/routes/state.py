"""Whether the service lives, whether it is ready, and what it knows of itself."""

from importlib.metadata import version

from fastapi import APIRouter

from kiemtin.labels import HEADS, Label
from kiemtin.scoring import MAX_CHARS
from serving.deps import DatabaseDep, EngineDep, SettingsDep
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
    scorer, proof = engine.scorer, engine.proof
    return ReadyOut(
        status="ready",
        model=scorer.model,
        policy_version=scorer.policy.version,
        normalizer_version=scorer.manifest.normalizer_version,
        goldens=GoldensOut(
            n=proof.n_goldens,
            largest_difference=round(proof.largest_difference, 6),
            tolerance=scorer.manifest.golden_tolerance,
        ),
        database=DatabaseOut(dialect=database.dialect, revision=database.check()),
    )


@router.get(
    "/v1/info", summary="Model, labels, policy, limits", responses=problems(503)
)
def info(engine: EngineDep, settings: SettingsDep) -> InfoOut:
    """Describe the model, its labels, the policy and the limits."""
    scorer = engine.scorer
    manifest, policy = scorer.manifest, scorer.policy
    heads = {label: head for head, labels in HEADS.items() for label in labels}
    return InfoOut(
        name="kiemtin",
        version=version("kiemtin"),
        model=scorer.model,
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
            id_chars=MAX_ID_CHARS,
        ),
        normalizer_version=manifest.normalizer_version,
        segmenter=SegmenterOut(
            name=manifest.segmenter.name, version=manifest.segmenter.version
        ),
        window=manifest.window,
        languages=["vi"],
        retention_days=settings.retention_days,
    )
