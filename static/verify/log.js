"use strict";
// The Merkle log (RFC 9162, section 2.1), signed heads (C2SP: signed-note, tlog-checkpoint, tlog-cosignature) and sealed ballots (RFC 9180).

const { sha256, hmac, gcm, x25519, isSigned } = globalThis.sealing ?? {};

const leafHash = (entry) => sha256(joined([0], entry));
const nodeHash = (left, right) => sha256(joined([1], left, right));

// The root over leaves, told at each of the `sizes` on the way: a Map from size to root. Keeps only the roots of full subtrees.
const rootsAt = (leaves, sizes) => {
  const [full, roots] = [[], new Map([[0, sha256(new Uint8Array())]])];
  const wanted = new Set([...sizes, leaves.length]);
  leaves.forEach((leaf, index) => {
    let node = leaf;
    for (let size = index; size % 2; size = (size - 1) / 2) node = nodeHash(full.pop(), node);
    full.push(node);
    if (wanted.has(index + 1)) roots.set(index + 1, full.reduceRight((right, left) => nodeHash(left, right)));
  });
  return roots;
};

// Whether a tree of `size` leaves with this root begins with the `before` leaves under the old root: split at the largest power of two,
// follow the side where the old tree ends, and build both roots again from the proof, whose hashes lie from the bottom to the top.
const isLonger = (before, oldRoot, size, root, proof) => {
  if (before === size) return proof.length === 0 && same(oldRoot, root);
  if (before < 1 || before > size) return false;
  const hashes = [...proof];
  const built = rebuilt(before, size, true, hashes, oldRoot);
  return built !== null && hashes.length === 0 && same(built.old, oldRoot) && same(built.now, root);
};

// Takes its hashes from the end of the proof. `whole`: the old tree still is all of the left side so far, so its root is known.
const rebuilt = (before, size, whole, hashes, oldRoot) => {
  if (before === size) {
    const node = whole ? oldRoot : hashes.pop();
    return node ? { old: node, now: node } : null;
  }
  const half = largestPowerBelow(size);
  const other = hashes.pop();
  if (!other) return null;
  if (before <= half) {
    const left = rebuilt(before, half, whole, hashes, oldRoot);
    return left && { old: left.old, now: nodeHash(left.now, other) };
  }
  const right = rebuilt(before - half, size - half, false, hashes, oldRoot);
  return right && { old: nodeHash(other, right.old), now: nodeHash(other, right.now) };
};

const largestPowerBelow = (size) => {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
};

// A signed note: text, an empty line, then signature lines "— name base64(4 bytes of the key's hash, signature)".
const readNote = (note) => {
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0 || !note.endsWith("\n")) return null;
  const lines = note.slice(cut + 2, -1).split("\n");
  const signatures = lines.map((line) => {
    const [dash, name, data, ...more] = line.split(" ");
    const raw = fromBase64(data);
    return dash === "\u2014" && name && raw && raw.length > 4 && !more.length ? { name, id: raw.slice(0, 4), data: raw.slice(4) } : null;
  });
  const head = readHead(note.slice(0, cut + 1));
  return head && signatures.every(Boolean) ? { text: note.slice(0, cut + 1), signatures, ...head } : null;
};

// The five lines of a head: origin, size, root, hash of the definition, minute.
const readHead = (text) => {
  const [origin, size, root, hash, minute, end, ...more] = text.split("\n");
  const [number, raw] = [Number(size), fromBase64(root)];
  if (end !== "" || more.length || !Number.isSafeInteger(number) || String(number) !== size || raw?.length !== 32) return null;
  return { origin, size: number, root: raw, hash, minute };
};

const keyId = (name, kind, key) => sha256(joined(utf8(`${name}\n`), [kind], key)).slice(0, 4);
const signaturesOf = (note, name, kind, key) => note.signatures.filter((one) => one.name === name && same(one.id, keyId(name, kind, key)));

const signedBy = (note, name, key) => {
  const found = signaturesOf(note, name, 1, key);
  return found.length > 0 && found.every((one) => isSigned(one.data, utf8(note.text), key));
};

// "yes", "no", or "wrong" where the signature of this witness is there and does not hold.
const cosignedBy = (note, name, key) => {
  const [first] = signaturesOf(note, name, 4, key);
  if (!first) return "no";
  if (first.data.length !== 72) return "wrong";
  const at = new DataView(first.data.buffer, first.data.byteOffset).getBigUint64(0);
  return isSigned(first.data.slice(8), utf8(`cosignature/v1\ntime ${at}\n${note.text}`), key) ? "yes" : "wrong";
};

// HPKE in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. What was agreed opens one ballot; the private key agrees on it.
const KEM_SUITE = joined(utf8("KEM"), [0, 0x20]);
const HPKE_SUITE = joined(utf8("HPKE"), [0, 0x20, 0, 1, 0, 1]);
const extracted = (salt, suite, label, material) => hmac(sha256, salt, joined(utf8("HPKE-v1"), suite, utf8(label), material));
const expanded = (key, suite, label, info, size) =>
  hmac(sha256, key, joined([0, size], utf8("HPKE-v1"), suite, utf8(label), info, [1])).slice(0, size);
const NONE = new Uint8Array();
const NO_SALT = new Uint8Array(32);

const agreedWith = (sealed, privateKey) => {
  try {
    return x25519.getSharedSecret(privateKey, sealed.slice(0, 32));
  } catch {
    return null;
  }
};

const openedWith = (sealed, agreed, publicKey, info) => {
  const secret = expanded(
    extracted(NO_SALT, KEM_SUITE, "eae_prk", agreed), KEM_SUITE, "shared_secret", joined(sealed.slice(0, 32), publicKey), 32,
  );
  const context = joined(
    [0], extracted(NO_SALT, HPKE_SUITE, "psk_id_hash", NONE), extracted(NO_SALT, HPKE_SUITE, "info_hash", info),
  );
  const start = extracted(secret, HPKE_SUITE, "secret", NONE);
  try {
    return gcm(expanded(start, HPKE_SUITE, "key", context, 16), expanded(start, HPKE_SUITE, "base_nonce", context, 12)).decrypt(sealed.slice(32));
  } catch {
    return null;
  }
};

// Ballots are filled up with a byte 0x80 and zeros.
const unpadded = (padded) => {
  const mark = padded.lastIndexOf(0x80);
  return mark >= 0 && padded.subarray(mark + 1).every((byte) => byte === 0) ? padded.subarray(0, mark) : null;
};
