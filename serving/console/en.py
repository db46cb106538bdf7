"""The page in English."""

from kiemtin.labels import Label, Recommendation
from serving.console.words import Said, Words

EN = Words(
    lang="en",
    other_lang="vi",
    other_lang_name="Tiếng Việt",
    decimal_comma=False,
    tagline="Reads Vietnamese posts, says which ones a person should look at, and why",
    skip="To the main content",
    question="The post to check",
    placeholder="Paste a Vietnamese post, comment or message here…",
    submit="Check this post",
    again="Check another",
    examples="Nothing at hand? Try an example:",
    promise="This only suggests; a person decides. Nothing on this page is stored.",
    result="Result",
    recommendations={
        Recommendation.NONE: Said(
            "No moderator needed", "No label is over its threshold."
        ),
        Recommendation.REVIEW: Said(
            "A moderator should look",
            "A label is over its threshold. This is a suggestion, not a verdict.",
        ),
        Recommendation.REVIEW_URGENT: Said(
            "A moderator should look soon",
            "A label is over its urgent threshold. "
            "This is a suggestion, not a verdict.",
        ),
    },
    undecided=Said(
        "No conclusion",
        "This does not look like Vietnamese, so the figures below are not to be "
        "believed. Ask somebody who reads the language.",
    ),
    unsure=Said(
        "No moderator needed",
        "No label is over its threshold, but one is near enough that nothing is "
        "concluded of it.",
    ),
    labels={
        Label.UNRELIABLE: Said(
            "Unreliable", "written like posts that were judged unreliable"
        ),
        Label.ABUSIVE: Said("Abusive", "offensive or hateful"),
        Label.HATE: Said("Hate", "attacks people for what they are, or calls for harm"),
        Label.SCAM: Said("Scam", "tries to defraud its reader"),
        Label.SPAM: Said("Spam", "unwanted promotion or noise"),
    },
    labels_heading="Five labels",
    flagged="Flagged",
    threshold="threshold {review}, urgent {urgent}",
    bar="{name}: {percent}, threshold {review}",
    abstained="no conclusion",
    uncertain="not sure, no conclusion (threshold {review})",
    marked_heading="Words that raised a score",
    marked_note="Without a marked word, its label loses so many percentage points.",
    nothing_marked="No word alone changes a score by much.",
    reason="{points} less without it",
    text_heading="The post",
    state_heading="How it was read",
    read_whole="Read whole, in one go ({tokens} word pieces).",
    read_windows="A long post: read in {windows} overlapping windows "
    "({tokens} word pieces).",
    left_out="Too long: {n} windows in the middle were not read.",
    nothing_cleaned="Nothing had to be cleaned first.",
    cleaned="Cleaned first:",
    steps={
        "controls": "control characters removed",
        "invisible": "invisible characters removed",
        "styles": "styled letters made plain",
        "composition": "letters joined with their marks",
        "placeholders": "links, phone numbers, amounts and account names masked",
        "stretches": "stretched letters shortened",
        "tones": "tone marks put in one place",
        "spaces": "spaces merged",
        "entities": "HTML entities read",
        "marks": "piled-up marks removed",
        "emoji": "skin tones of emoji dropped",
        "look_alikes": "letters of other alphabets read as the Latin ones they look like",
        "split_letters": "letters of a split word joined",
        "digits": "digits read as the letters they stand for",
        "teencode": "chat spellings written out",
        "residue": "cut down to its plain words",
        "segment": "syllables joined to words",
    },
    without_diacritics="Hardly any diacritics, so this is less certain.",
    errors={
        "empty_text": "There is nothing to read yet. Paste a post into the box below.",
        "text_too_long": "The post has {n} characters; at most {limit} are read.",
        "invalid_unicode": "The post has characters that cannot be read.",
        "unauthenticated": "This service answers those who have an API key, and this "
        "page has no way to sign in yet. Call the API with your key.",
        "forbidden": "Your key may not have posts scored.",
        "foreign_host": "This page opens only under an address of this very machine, "
        "such as http://localhost:8000.",
        "rate_limited": "That were too many posts for one minute. Wait a moment.",
        "queue_full": "Too many posts wait to be scored. Try again in a few seconds.",
    },
    not_ready="The model is not ready, so nothing is scored: {code}. We do not guess.",
    model="Model",
    policy="policy",
    api="API for developers",
    does_not_say="No label says that a post is false or that its author is bad.",
)
