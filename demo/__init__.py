"""The demonstration's people, companies and goods, and the verbs that file their declarations. DEMO=1 alone."""
