"""From flagged posts to decisions of people: what happens to a case, without HTTP."""
