"""Mail providers: those open to everyone, where a crowd says nothing, and those whose addresses are thrown away."""

from __future__ import annotations

# fmt: off
COMMON = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com", "live.fr",
    "msn.com", "yahoo.com", "yahoo.fr", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.com", "gmx.fr",
    "gmx.net", "proton.me", "protonmail.com", "pm.me", "tutanota.com", "orange.fr", "wanadoo.fr", "free.fr",
    "aliceadsl.fr", "sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr", "bbox.fr", "numericable.fr", "laposte.net",
    "mailo.com", "netcourrier.com", "posteo.net", "zaclys.net", "ik.me", "infomaniak.com",
})
"""Providers open to everyone, where a crowd says nothing."""
THROWAWAY = frozenset({
    "yopmail.com", "yopmail.fr", "yopmail.net", "jetable.org", "mailinator.com", "guerrillamail.com",
    "guerrillamail.net", "sharklasers.com", "grr.la", "10minutemail.com", "temp-mail.org", "tempmail.com",
    "throwawaymail.com", "trashmail.com", "trashmail.fr", "maildrop.cc", "getnada.com", "dispostable.com",
    "mailnesia.com", "mintemail.com", "mohmal.com", "fakeinbox.com", "spamgourmet.com", "emailondeck.com",
    "tempr.email", "moakt.com", "mytemp.email", "mailcatch.com",
})
"""Well-known providers of addresses that anybody may read and nobody keeps. Never complete: the other signals do not need it."""
