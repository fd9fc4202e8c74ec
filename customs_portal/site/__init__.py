"""Pages of the site itself: home, language and theme; and the one where a company is registered."""
