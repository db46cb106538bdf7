"""A planned batch of posts is written, the rows that reviewers wait for at the end."""

from collections.abc import Sequence
from dataclasses import replace

from serving.db.arrivals import Arrivals, NewPost
from serving.db.openings import Openings
from serving.db.work import Work
from serving.review.arriving import Plan, Post
from serving.review.drafts import Accepted, Result, stored


def store(work: Work, plan: Plan, results: Sequence[Result]) -> list[Result]:
    """Write what was planned, and return *results* with the cases as they are then."""
    arrivals = Arrivals(work.session)
    plan.grouping.write(work.now)
    posts = list(plan.posts.values())
    arrivals.add([_new_post(x, plan) for x in posts if x.known is None])
    arrivals.add_reports(plan.reports)
    arrivals.give_cases(
        {
            x.id: x.case_id
            for x in posts
            if x.known and x.case_id and x.known.case_id != x.case_id
        }
    )
    for post_id, judged in plan.reasons.items():
        arrivals.give_reasons(post_id, judged.reasons or ())
    _adopt(work, plan)
    _write_cases(Openings(work.session), plan)
    cases = {x.id: x.case_id for x in posts}
    return [
        replace(x, case_id=cases[x.post_id]) if isinstance(x, Accepted) else x
        for x in results
    ]


def _adopt(work: Work, plan: Plan) -> None:
    """Let posts that were in a cluster before it had a case belong to that."""
    adopting = {
        post.cluster.id: case_id
        for case_id, (_, post) in plan.seeds.items()
        if post.cluster
        and post.cluster.id is not None
        and post.cluster.n_posts > plan.gains[case_id].n_posts
    }
    if not adopting:
        return
    plan.grouping.adopt(adopting)
    arrivals = Arrivals(work.session)
    case_ids = set(adopting.values())
    origins, n_reports = arrivals.origins(case_ids), arrivals.n_reports(case_ids)
    for x in case_ids:
        plan.gains[x].count_again(origins[x], n_reports.get(x, 0))


def _write_cases(openings: Openings, plan: Plan) -> None:
    openings.add(
        [
            plan.opener.case(
                seed, plan.gains[x], post.cluster.id if post.cluster else None
            )
            for x, (seed, post) in plan.seeds.items()
        ]
    )
    grown = {x: y for x, y in plan.gains.items() if x not in plan.seeds}
    if grown:
        sizes = openings.lock(grown)
        openings.grow([plan.opener.grown(x, grown[x.id]) for x in sizes])


def _new_post(post: Post, plan: Plan) -> NewPost:
    draft, judged = post.came.draft, post.judged
    assert judged is not None  # noqa: S101 -- a new post was scored
    context = draft.context
    return NewPost(
        id=post.id,
        text=post.came.text,
        scores=judged.scores,
        recommendation=judged.recommendation.value,
        model_digest=judged.model_digest,
        policy_version=judged.policy_version,
        created_at=plan.now,
        key=draft.key,
        origin=draft.origin.value,
        author=post.came.author,
        text_digest=post.came.text_digest,
        language=judged.language,
        flagged=judged.flagged,
        reasons=judged.reasons,
        context={x: stored(y) for x, y in context.items()} if context else None,
        permalink=stored(draft.permalink) if draft.permalink else None,
        posted_at=draft.posted_at,
        cluster_id=post.cluster.id if post.cluster else None,
        case_id=post.case_id,
    )
