"""Appeals: filed by a carrier's representative or noted on paper, examined by someone else than who decided."""
