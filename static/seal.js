// Seals the ballot in the voter's browser, so that the choices never leave it in clear. The page works without this file: the ballot is
// then sealed by the server as it arrives. The plain cryptography is in vendor/seal.min.js; what is done with it stands here, readable.
//
// HPKE (RFC 9180) in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. The ephemeral key comes from the seed of the
// ballot instead of from dice, so that sending the same ballot again sends the same bytes.
(() => {
  "use strict";
  const bytesOf = (text) => new TextEncoder().encode(text);
  const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const fromHex = (hex) => {
    if (!/^([0-9a-f]{2})*$/.test(hex)) throw new Error("not hexadecimal");
    return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  };
  const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
  const hash = (...parts) => sealing.sha256(joined(...parts));

  // The labelled steps of RFC 9180, section 4. One block of HKDF-Expand is 32 bytes, and nothing here asks for more.
  const KEM = joined(bytesOf("KEM"), [0x00, 0x20]);
  const HPKE = joined(bytesOf("HPKE"), [0x00, 0x20, 0x00, 0x01, 0x00, 0x01]);
  const NOTHING = new Uint8Array();
  const extract = (salt, label, material, suite) =>
    sealing.hmac(sealing.sha256, salt.length ? salt : new Uint8Array(32), joined(bytesOf("HPKE-v1"), suite, bytesOf(label), material));
  const expand = (key, label, info, length, suite) => {
    const whole = joined([length >> 8, length & 255], bytesOf("HPKE-v1"), suite, bytesOf(label), info, [1]);
    return sealing.hmac(sealing.sha256, key, whole).slice(0, length);
  };

  // Sections 7.1.3 (the ephemeral key), 4.1 (what both sides agree on) and 5.1 (key and nonce), then one message.
  const seal = (plain, publicKey, info, seed) => {
    const material = hash(seed, hash(info, plain));
    const secret = expand(extract(NOTHING, "dkp_prk", material, KEM), "sk", NOTHING, 32, KEM);
    const enc = sealing.x25519.getPublicKey(secret);
    const agreed = extract(NOTHING, "eae_prk", sealing.x25519.getSharedSecret(secret, publicKey), KEM);
    const shared = expand(agreed, "shared_secret", joined(enc, publicKey), 32, KEM);
    const context = joined([0], extract(NOTHING, "psk_id_hash", NOTHING, HPKE), extract(NOTHING, "info_hash", info, HPKE));
    const start = extract(shared, "secret", NOTHING, HPKE);
    const [key, nonce] = [expand(start, "key", context, 16, HPKE), expand(start, "base_nonce", context, 12, HPKE)];
    return joined(enc, sealing.gcm(key, nonce, NOTHING).encrypt(plain));
  };

  // Every ballot of an election has the same length: a byte 0x80 after the text, then zeros.
  const pad = (text, size) => {
    if (text.length >= size) throw new Error("the ballot is larger than any ballot of this election can be");
    return joined(text, [0x80], new Uint8Array(size - text.length - 1));
  };

  // Identifiers in the order of their code points, as the server sorts them.
  const byCodePoints = (one, other) => {
    const [a, b] = [Array.from(one), Array.from(other)];
    const place = a.findIndex((sign, index) => sign !== b[index]);
    return place < 0 ? a.length - b.length : a[place].codePointAt(0) - (b[place]?.codePointAt(0) ?? -1);
  };

  // The sealed ballot in base 64. `seed`: text of the form; `definitionHash` and `openingKey`: hexadecimal, 32 bytes each.
  const sealBallot = ({ choices, seed, definitionHash, openingKey, ballotBytes }) => {
    const plain = pad(bytesOf(JSON.stringify({ choices: [...choices].sort(byCodePoints) })), ballotBytes);
    const [info, key] = [fromHex(definitionHash), fromHex(openingKey)];
    if (info.length !== 32 || key.length !== 32) throw new Error("the election gives no key to seal with");
    return base64(seal(plain, key, info, hash(bytesOf("quotepart-seed/1" + seed))));
  };

  // Where votes can be changed, what lets its holder replace this ballot later (16 bytes, hexadecimal).
  const changeSecret = (seed) => toHex(hash(bytesOf("quotepart-change/1" + seed)).slice(0, 16));
  globalThis.sealBallot = sealBallot;
  globalThis.changeSecret = changeSecret;

  // What a form sends instead of choices and seed. A ballot that replaces another joins the code of that one to its seed: the secret
  // of the ballot replaced becomes public as the proof, so the new one needs a secret of its own.
  const fieldsOf = (form, sent) => {
    const { openingKey, electionHash, ballotBytes, changeOfVote } = form.dataset;
    const replaced = (sent.get("tracking_code") ?? "").toLowerCase().replace(/[^a-z0-9]/g, "");
    const seed = sent.get("seed") + replaced;
    const sealed = sealBallot({
      choices: sent.getAll("choice"), seed, definitionHash: electionHash, openingKey, ballotBytes: Number(ballotBytes),
    });
    return changeOfVote === "yes" ? { sealed, change: changeSecret(seed) } : { sealed };
  };
  const where = document.getElementById("sealed-where");
  for (const form of document.querySelectorAll("form[data-opening-key]")) {
    try {
      if (!("FormDataEvent" in globalThis)) throw new Error("this browser cannot change what a form sends");
      fieldsOf(form, new FormData(form)); // Once when the page is there, so that where it is done can be said before anything is sent.
      // The fields on the page stay: whoever comes back finds the ballot. Only what is sent changes.
      form.addEventListener("formdata", ({ formData }) => {
        const fields = fieldsOf(form, formData);
        formData.delete("choice");
        formData.delete("seed");
        for (const [name, value] of Object.entries(fields)) formData.set(name, value);
      });
      where.textContent = where.dataset.saidBrowser;
    } catch {
      where.textContent = where.dataset.saidArrival;
    }
  }
})();
