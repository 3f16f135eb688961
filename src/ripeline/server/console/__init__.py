"""The shell every page stands in: templates, icons, stylesheet, script, languages, error pages."""
