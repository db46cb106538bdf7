"""Whether a challenger may become the champion, and who said so."""
