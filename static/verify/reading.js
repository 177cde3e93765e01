"use strict";
// Reading a bundle: the zip and the text in it. Nothing here knows what the files mean.

const REQUIRED = [
  "definition.json", "log.jsonl", "sths.jsonl", "acts.jsonl", "acts_sths.jsonl", "opening.json", "ballots.jsonl", "paper_lots.csv",
  "turnout.json", "result.json", "SHA256SUMS", "SHA256SUMS.sig",
];
const OPTIONAL = ["result.pb"];
const MOST_BYTES = 2 ** 31;

// A file that is not as it must be. `says` is a sentence of words.js; `line` counts from 1, 0 is the file as a whole.
class Malformed extends Error {
  constructor(file, line, key, values = {}) {
    super(`${file}, ${line}: ${key}`);
    this.says = line ? say("in_line", { file, line, reason: say(key, values) }) : say("in_file", { file, reason: say(key, values) });
  }
}

const utf8 = (text) => new TextEncoder().encode(text);
const textOf = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

// Both read only the one way of writing these bytes, and give null for anything else.
const fromHex = (text, size) =>
  typeof text === "string" && text.length === 2 * size && /^[0-9a-f]*$/.test(text)
    ? Uint8Array.from({ length: size }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16))
    : null;
const fromBase64 = (text) => {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) return null;
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : null;
};

const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

// The zip: its list of files stands at the end. Gives a Map from name to bytes.
const readZip = async (bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfZip(view);
  const files = new Map();
  let [at, total] = [view.getUint32(end + 16, true), 0];
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw new Malformed("zip", 0, "no_zip");
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const [named, extra, remark] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const path = textOf(bytes.subarray(at + 46, at + 46 + named));
    const local = view.getUint32(at + 42, true);
    at += 46 + named + extra + remark;
    if (path.endsWith("/")) continue;
    total += size;
    if (total > MOST_BYTES) throw new Malformed("zip", 0, "too_large");
    if (flags & 1 || (method !== 0 && method !== 8)) throw new Malformed(path, 0, "locked");
    if (files.has(path)) throw new Malformed(path, 0, "twice");
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const raw = bytes.subarray(from, from + packed);
    const file = method === 0 ? raw : await inflated(raw, path, size);
    if (file.length !== size) throw new Malformed(path, 0, "damaged");
    files.set(path, file);
  }
  return inOneFolder(files);
};

const endOfZip = (view) => {
  for (let at = view.byteLength - 22; at >= 0 && at > view.byteLength - 66000; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw new Malformed("zip", 0, "no_zip");
};

const inflated = async (raw, path, size) => {
  if (typeof DecompressionStream === "undefined") throw new Malformed(path, 0, "no_inflate");
  const reader = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts = [];
  try {
    for (let found = await reader.read(), length = 0; !found.done; found = await reader.read()) {
      length += found.value.length;
      if (length > size) throw new Error("larger than the zip says");
      parts.push(found.value);
    }
  } catch {
    throw new Malformed(path, 0, "damaged");
  }
  return joined(...parts);
};

// Name and bytes; asking for a file that is not there is a fault of the bundle.
class Files extends Map {
  get(name) {
    if (!this.has(name)) throw new Malformed(name, 0, "missing");
    return super.get(name);
  }
}

// The files of a bundle stand side by side, at the top or in one folder.
const inOneFolder = (files) => {
  const folders = new Set([...files.keys()].map((path) => path.slice(0, path.lastIndexOf("/") + 1)));
  if (folders.size > 1 || [...folders].some((folder) => folder.split("/").length > 2)) throw new Malformed("zip", 0, "folders");
  const named = new Files([...files].map(([path, file]) => [path.slice(path.lastIndexOf("/") + 1), file]));
  for (const name of named.keys()) if (![...REQUIRED, ...OPTIONAL].includes(name)) throw new Malformed(name, 0, "no_such_file");
  return named;
};

// JSON in the one way of RFC 8785: keys sorted, no spaces. Only whole numbers that are exact are known here.
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new RangeError("not an exact number");
  return JSON.stringify(value);
};

const jsonOf = (bytes, file, line = 0) => {
  try {
    const value = JSON.parse(textOf(bytes));
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
  } catch {
    // told below
  }
  throw new Malformed(file, line, "no_json");
};

// The objects of a file, one a line, each written in the one canonical way.
const rowsOf = (files, file) => {
  const [bytes, rows] = [files.get(file), []];
  for (let at = 0; at < bytes.length; ) {
    const stop = bytes.indexOf(10, at);
    if (stop < 0) throw new Malformed(file, rows.length + 1, "no_line_end");
    const row = jsonOf(bytes.subarray(at, stop), file, rows.length + 1);
    if (!isWritten(row, bytes.subarray(at, stop))) throw new Malformed(file, rows.length + 1, "not_canonical");
    rows.push(row);
    at = stop + 1;
  }
  return rows;
};

const isWritten = (value, bytes) => {
  try {
    return same(utf8(canonical(value)), bytes);
  } catch {
    return false;
  }
};

// Whether an object has exactly these keys, each of its type: "text", "whole", "list" or several, such as "text|null".
const shaped = (row, keys) =>
  row !== null && typeof row === "object" && Object.keys(row).length === Object.keys(keys).length &&
  Object.entries(keys).every(([key, kinds]) => Object.hasOwn(row, key) && kinds.split("|").includes(kindOf(row[key])));
const kindOf = (value) =>
  value === null ? "null" : Array.isArray(value) ? "list" : Number.isSafeInteger(value) ? "whole" : typeof value === "string" ? "text" : typeof value;

// Text compared as the platform compares it: by code points, which JavaScript by itself does not.
const byCodePoints = (one, other) => {
  const [a, b] = [Array.from(one), Array.from(other)];
  const at = a.findIndex((sign, place) => sign !== b[place]);
  return at < 0 ? a.length - b.length : a[at].codePointAt(0) - (b[at]?.codePointAt(0) ?? -1);
};

// Rows of a table of text: `;` or `,` between cells, cells with such marks in double quotes.
const tableOf = (text, mark) => {
  const [rows, length] = [[], text.length];
  let [row, cell, quoted] = [[], "", false];
  for (let at = 0; at < length; at++) {
    const sign = text[at];
    if (quoted && sign === '"' && text[at + 1] === '"') cell += text[at++];
    else if (sign === '"' && (quoted || cell === "")) quoted = !quoted;
    else if (!quoted && sign === mark) row = [...row, cell], cell = "";
    else if (!quoted && sign === "\n") rows.push([...row, cell.replace(/\r$/, "")]), [row, cell] = [[], ""];
    else cell += sign;
  }
  return cell || row.length ? [...rows, [...row, cell]] : rows;
};
