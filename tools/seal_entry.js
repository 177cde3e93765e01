// What static/vendor/seal.min.js is made of; `make` of tools/vendor.py bundles it. Plain script, one global name `sealing`, and nothing in
// it asks the browser for its own cryptography: it also works on pages that did not come over https, and from a file on a disk.
import { montgomery } from "@noble/curves/abstract/montgomery.js";
import { pow } from "@noble/curves/abstract/modular.js";
import { hashes, verify } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";

export { gcm } from "@noble/ciphers/aes.js";
export { hmac } from "@noble/hashes/hmac.js";
export { sha256 } from "@noble/hashes/sha2.js";
export { sha512 };

// X25519 of RFC 7748 alone; the package's own also brings the Edwards curve, only to be quicker.
const P = 2n ** 255n - 19n;
const adjustScalarBytes = (bytes) => {
  bytes[0] &= 248;
  bytes[31] = (bytes[31] & 127) | 64;
  return bytes;
};
export const x25519 = montgomery({ P, type: "x25519", powPminus2: (x) => pow(x, P - 2n, P), adjustScalarBytes });

// Ed25519 as RFC 8032 checks it. Never throws: what cannot be read is not signed.
hashes.sha512 = sha512;
export const isSigned = (signature, message, key) => {
  try {
    return verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
};
