"""Bring in the files made by others (htmx, fonts, icons, axe), and check that nobody has touched them since.

`python tools/vendor.py check` compares every file of the table in static/vendor/README.md with its SHA-256.
`python tools/vendor.py make NODE_MODULES` copies the files out of unpacked npm packages, bundles the cryptography that browsers need
(tools/seal_entry.js), and writes the table again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "static/vendor/README.md"
FONTS = "@fontsource-variable"

# file in the project -> (package, file in the package)
COPIES = {
    "static/vendor/htmx.min.js": ("htmx.org", "dist/htmx.min.js"),
    "static/vendor/fonts/bricolage-grotesque-latin.woff2": (
        f"{FONTS}/bricolage-grotesque",
        "files/bricolage-grotesque-latin-wght-normal.woff2",
    ),
    "static/vendor/fonts/bricolage-grotesque-latin-ext.woff2": (
        f"{FONTS}/bricolage-grotesque",
        "files/bricolage-grotesque-latin-ext-wght-normal.woff2",
    ),
    "static/vendor/fonts/figtree-latin.woff2": (f"{FONTS}/figtree", "files/figtree-latin-wght-normal.woff2"),
    "static/vendor/fonts/figtree-latin-ext.woff2": (f"{FONTS}/figtree", "files/figtree-latin-ext-wght-normal.woff2"),
    "static/vendor/fonts/readex-pro-arabic.woff2": (f"{FONTS}/readex-pro", "files/readex-pro-arabic-wght-normal.woff2"),
    "static/vendor/licences/htmx.txt": ("htmx.org", "LICENSE"),
    "static/vendor/licences/bricolage-grotesque.txt": (f"{FONTS}/bricolage-grotesque", "LICENSE"),
    "static/vendor/licences/figtree.txt": (f"{FONTS}/figtree", "LICENSE"),
    "static/vendor/licences/readex-pro.txt": (f"{FONTS}/readex-pro", "LICENSE"),
    "static/vendor/licences/lucide.txt": ("lucide-static", "LICENSE"),
    "static/vendor/licences/axe-core.txt": ("axe-core", "LICENSE"),
    "static/vendor/licences/noble-ciphers.txt": ("@noble/ciphers", "LICENSE"),
    "static/vendor/licences/noble-curves.txt": ("@noble/curves", "LICENSE"),
    "static/vendor/licences/noble-ed25519.txt": ("@noble/ed25519", "LICENSE"),
    "static/vendor/licences/noble-hashes.txt": ("@noble/hashes", "LICENSE"),
    "tests/vendor/axe.min.js": ("axe-core", "axe.min.js"),
}
BUNDLE, ENTRY = "static/vendor/seal.min.js", "tools/seal_entry.js"
BUNDLED = ("@noble/ciphers", "@noble/curves", "@noble/ed25519", "@noble/hashes")
ESBUILD = "0.28.2"
"""Another version of the bundler may write other bytes."""
SPRITE = "static/icons.svg"
# fmt: off
ICONS = [
    "arrow-down", "arrow-right", "arrow-up", "building-2", "calendar", "check", "chevron-down", "chevron-left", "chevron-right",
    "circle", "circle-alert", "circle-check", "circle-x", "clock", "coins", "download", "external-link", "eye", "file-text",
    "flag", "globe", "history", "hourglass", "info", "key-round", "landmark", "languages", "link", "lock", "log-in", "log-out",
    "mail", "map-pin", "megaphone", "message-circle", "minus", "moon", "paperclip", "pencil", "plus", "printer", "scale",
    "search", "settings", "shield-check", "star", "sun", "sun-moon", "trash-2", "triangle-alert", "upload", "user", "users",
    "vote", "x",
]
# fmt: on


def sprite(icons: Path) -> str:
    """One SVG holding each icon as a symbol named after it; colour and stroke come from the page's own style."""
    symbols = []
    for name in ICONS:
        inner = re.search(r"<svg[^>]*>(.*)</svg>", (icons / f"{name}.svg").read_text(), re.DOTALL)
        if inner is None:
            raise ValueError(f"{name}.svg holds no drawing")
        drawing = re.sub(r"\s*\n\s*", "", inner[1])
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide icons, ISC -->\n' + "\n".join(symbols) + "\n</svg>\n"


def bundle(modules: Path) -> None:
    """Make one plain script of what the entry file names: the same bytes from the same versions. Raises ValueError on another bundler."""
    if (found := about(modules, "esbuild")["version"]) != ESBUILD:
        raise ValueError(f"esbuild {ESBUILD} makes the bundle, not {found}")
    how = ("--bundle", "--minify", "--format=iife", "--global-name=sealing", "--target=es2020", "--charset=ascii", "--legal-comments=none")
    subprocess.run(
        [(modules / "esbuild/bin/esbuild").resolve(), ENTRY, *how, "--log-level=warning", f"--outfile={BUNDLE}"],
        cwd=ROOT, env={**os.environ, "NODE_PATH": str(modules.resolve())}, check=True,
    )  # fmt: skip


def about(modules: Path, package: str) -> dict[str, str]:
    """What a package says of itself."""
    said: dict[str, str] = json.loads((modules / package / "package.json").read_text())
    return said


def table_row(modules: Path, file: str, *packages: str) -> str:
    """The README line of one file: | file | package | version | licence | sha256 |, with commas where it is made of several packages."""
    said = [about(modules, package) for package in packages]
    versions = ", ".join(one["version"] for one in said)
    # htmx names the zero-clause BSD licence in its own order; the table uses the SPDX name.
    licences = ", ".join(sorted({{"BSD-0-Clause": "0BSD"}.get(one["license"], one["license"]) for one in said}))
    return f"| {file} | {', '.join(packages)} | {versions} | {licences} | {digest(ROOT / file)} |"


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make(modules: Path) -> None:
    """Copy every file from unpacked packages, make the bundle, draw the sprite, and write the table in the README."""
    for file, (package, source) in COPIES.items():
        (ROOT / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / package / source, ROOT / file)
    bundle(modules)
    (ROOT / SPRITE).write_text(sprite(modules / "lucide-static/icons"))
    rows = [table_row(modules, file, package) for file, (package, _) in COPIES.items()]
    rows += [table_row(modules, SPRITE, "lucide-static"), table_row(modules, BUNDLE, *BUNDLED)]
    words = README.read_text().split("| file |")[0]
    README.write_text(words + "\n".join(["| file | package | version | licence | sha256 |", "|---|---|---|---|---|", *sorted(rows)]) + "\n")


def problems() -> list[str]:
    """What differs from the table: changed, missing or unlisted files, one sentence each."""
    listed = dict(re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", README.read_text(), re.MULTILINE))
    found = [f"{file} is missing" for file in listed if not (ROOT / file).is_file()]
    found += [f"{file} has changed" for file, want in listed.items() if (ROOT / file).is_file() and digest(ROOT / file) != want]
    folders = (ROOT / "static/vendor", ROOT / "tests/vendor")
    present = {path.relative_to(ROOT).as_posix() for folder in folders for path in folder.rglob("*") if path.is_file()}
    return found + [f"{file} is not in the table" for file in sorted(present - set(listed) - {README.relative_to(ROOT).as_posix()})]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", modules]:
            make(Path(modules))
        case ["check"]:
            sys.exit("\n".join(problems()) or 0)
        case _:
            sys.exit(__doc__)
