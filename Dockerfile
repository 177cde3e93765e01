# The same commands as tools/install.sh, which CI runs in an empty folder.
FROM python:3.12-slim
# PDF files are set with Pango.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 quotepart && mkdir /srv/quotepart && chown quotepart /srv/quotepart
USER quotepart
WORKDIR /srv/quotepart
COPY --chown=quotepart . .
RUN sh tools/install.sh
ENV PATH=/srv/quotepart/.venv/bin:$PATH
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["quotepart", "health"]
CMD ["sh", "-c", "quotepart migrate && quotepart keys server && exec quotepart serve --host 0.0.0.0 --with-worker"]
