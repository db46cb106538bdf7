"""What becomes of a batch of posts: planned in memory, nothing is written."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kiemtin.errors import KiemtinError
from kiemtin.labels import Recommendation
from serving.db.arrivals import Arrivals, Key, KnownPost, NewReport
from serving.errors import DeadlineError, PostDiffersError
from serving.review.clusters import Cluster, Grouping
from serving.review.drafts import Accepted, Judged, Prepared, Result, stored
from serving.review.opening import Gain, Opener, Seed
from serving.review.outcomes import Origin


@dataclass(slots=True, eq=False)
class Post:
    """
    A post of the batch, new or there already.

    Attributes:
        came: How it was sent first, in this batch.
        judged: What the model said of it; None if it was there already.
        known: What was stored of it; None if it is new.
        own_case: The case it belongs to whatever its cluster does.
        reported: The ids of its reports.
    """

    id: str
    came: Prepared
    judged: Judged | None
    known: KnownPost | None
    cluster: Cluster | None
    own_case: str | None = None
    reported: set[str] = field(default_factory=set)

    @property
    def said(self) -> Judged | KnownPost:
        """What the model said of it, now or before."""
        said = self.judged or self.known
        assert said is not None  # noqa: S101 -- it has one of the two
        return said

    @property
    def case_id(self) -> str | None:
        """The case it belongs to, which may be that of its cluster."""
        return self.own_case or (self.cluster.case_id if self.cluster else None)

    @property
    def origin(self) -> str:
        """How it came to us first."""
        return self.known.origin if self.known else self.came.draft.origin.value

    @property
    def is_forgotten(self) -> bool:
        """Whether its text is gone: nobody can look at it any more."""
        return self.known is not None and self.known.forgotten_at is not None

    def is_same(self, came: Prepared) -> bool:
        """Say whether *came* is this very text."""
        if self.known is None:
            return came.draft.text == self.came.draft.text
        if self.is_forgotten:
            return came.text_digest == self.known.text_digest
        return came.text == self.known.text


class Plan:
    """
    What becomes of a batch.

    Args:
        opener: What the review policy says.
        grouping: The clusters that its posts belong to.
        draw: Returns a number from 0 to 1.

    Attributes:
        posts: Those of the batch, by their keys.
        reports: Those to be stored.
        gains: What cases gain, by their ids.
        seeds: The posts that new cases are opened for, by the ids of the cases.
        reasons: What moved the scores of posts that are there already, by their ids.
    """

    def __init__(
        self, opener: Opener, grouping: Grouping, draw: Callable[[], float]
    ) -> None:
        self.opener = opener
        self.grouping = grouping
        self._draw = draw
        self.posts: dict[Key, Post] = {}
        self.reports: list[NewReport] = []
        self.gains: defaultdict[str, Gain] = defaultdict(Gain)
        self.seeds: dict[str, tuple[Seed, Post]] = {}
        self.reasons: dict[str, Judged] = {}

    @property
    def now(self) -> datetime:
        """When the posts came."""
        return self.opener.now

    def read(
        self, arrivals: Arrivals, prepared: Sequence[Prepared], *, for_update: bool
    ) -> None:
        """Read what there is already of all that *prepared* posts may touch."""
        keys = {x.draft.key for x in prepared}
        known = arrivals.known(keys, for_update=for_update)
        new = (x.print for x in prepared if x.print and x.draft.key not in known)
        theirs = {x.cluster_id for x in known.values() if x.cluster_id is not None}
        self.grouping.look_up(new, theirs, for_update=for_update)
        reported = arrivals.reported([x.id for x in known.values()]) if known else {}
        first = {x.draft.key: x for x in reversed(prepared)}
        self.posts = {
            key: Post(
                x.id,
                first[key],
                None,
                x,
                self.grouping.get(x.cluster_id),
                x.case_id,
                reported.get(x.id, set()),
            )
            for key, x in known.items()
        }

    def take(self, came: Prepared, judged: Judged | KiemtinError | None) -> Result:
        """Plan what becomes of one post, and say so."""
        post = self.posts.get(came.draft.key)
        if post is not None:
            return self._repeat(post, came, judged)
        if isinstance(judged, KiemtinError):
            return judged
        if judged is None:
            msg = "the post was forgotten meanwhile; send it again"
            return DeadlineError(msg)
        return self._begin(came, judged)

    def _begin(self, came: Prepared, judged: Judged) -> Accepted:
        """Let a new post join its copies, and their case or a new one."""
        at = came.draft.posted_at or self.now
        cluster = self.grouping.join(came.print, at) if came.print else None
        post = Post(f"post_{uuid.uuid4().hex}", came, judged, None, cluster)
        self.posts[came.draft.key] = post
        n_reports = self._report(post, came)
        origin = came.draft.origin
        opened = False
        if post.case_id is None:
            has_reason = self.opener.has_reason(judged.flagged, n_reports, origin)
            opened = has_reason or self.opener.is_drawn(came.chance)
            if opened:
                self._open(post, is_audit=not has_reason)
        if post.case_id is not None:
            self.gains[post.case_id].take(origin.value, n_reports)
        return _accepted(post, n_reports, is_repeat=False, opened=opened)

    def _repeat(
        self, post: Post, came: Prepared, judged: Judged | KiemtinError | None
    ) -> Result:
        """Let a post that is there gain what is new: reports, and who asked for it."""
        if not post.is_same(came):
            msg = "another text is stored under this source, external_id and revision"
            return PostDiffersError(msg)
        n_reports = 0 if post.is_forgotten else self._report(post, came)
        origin = came.draft.origin
        opened = False
        if post.case_id is not None:
            self.gains[post.case_id].n_reports += n_reports
        elif not post.is_forgotten:
            opened = self.opener.has_reason((), len(post.reported), origin)
            if opened:
                case_id = self._open(post, is_audit=False)
                self.gains[case_id].take(post.origin, len(post.reported))
                self._keep_reasons(post, judged)
        if post.case_id is not None and origin is not Origin.PIPELINE:
            self.gains[post.case_id].asked.add(origin)
        return _accepted(post, n_reports, is_repeat=True, opened=opened)

    def _report(self, post: Post, came: Prepared) -> int:
        """Plan to store the reports that are not there yet; return how many."""
        before = len(self.reports)
        for x, own in zip(came.draft.reports, came.report_ids, strict=True):
            if own in post.reported:
                continue
            post.reported.add(own)
            note = stored(x.note) if x.note is not None else None
            self.reports.append(
                NewReport(post.id, own, x.reason, note, x.at or self.now)
            )
        return len(self.reports) - before

    def _open(self, post: Post, *, is_audit: bool) -> str:
        """Plan a new case for *post* and all copies of it, and return its id."""
        case_id = f"case_{uuid.uuid4().hex}"
        said = post.said
        seed = Seed(
            case_id=case_id,
            post_id=post.id,
            scores=said.scores,
            flagged=said.flagged,
            recommendation=Recommendation(said.recommendation),
            language=said.language,
            origin=post.origin,
            author=post.known.author if post.known else post.came.author,
            is_audit=is_audit,
            chance=self._draw(),
        )
        self.seeds[case_id] = (seed, post)
        post.own_case = case_id
        if post.cluster is not None:
            post.cluster.case_id = case_id
            post.cluster.is_changed = True
        return case_id

    def _keep_reasons(self, post: Post, judged: Judged | KiemtinError | None) -> None:
        """Keep what moved the stored scores, if it is the same model that says so."""
        is_same = (
            isinstance(judged, Judged)
            and post.known is not None
            and post.known.model_digest == judged.model_digest
        )
        if is_same and isinstance(judged, Judged):
            self.reasons[post.id] = judged


def _accepted(post: Post, n_reports: int, *, is_repeat: bool, opened: bool) -> Accepted:
    return Accepted(
        post.id,
        post.case_id,
        str(post.said.recommendation),
        is_repeat=is_repeat,
        n_reports_added=n_reports,
        opened=opened,
    )
