"""Questions asked of a published study: where does a figure come from, is the set what it was."""
