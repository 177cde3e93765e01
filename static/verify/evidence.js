"use strict";
// What the checks share of one bundle: each file is read once, when the first check asks for it. Reading throws Malformed.

const FEW = '{"withheld":"few"}\n';

class Evidence {
  constructor(files) {
    this.files = files;
    this.kept = new Map();
  }
  once(name, read) {
    if (!this.kept.has(name)) this.kept.set(name, read());
    return this.kept.get(name);
  }
  get definition() {
    return this.once("definition", () => readDefinition(this.files.get("definition.json")));
  }
  get hash() {
    return toHex(sha256(this.files.get("definition.json")));
  }
  get heads() {
    return this.once("heads", () => readHeads(this.files, "sths.jsonl"));
  }
  get actHeads() {
    return this.once("actHeads", () => readHeads(this.files, "acts_sths.jsonl"));
  }
  get withheld() {
    return this.once("withheld", () => same(this.files.get("log.jsonl"), utf8(FEW)));
  }
  get log() {
    return this.once("log", () => readLog(this.files, this.definition));
  }
  get chains() {
    return this.once("chains", () => chainsOf(this.log));
  }
  get paper() {
    return this.once("paper", () => readPaper(this.files.get("paper_lots.csv")));
  }
  get turnout() {
    return this.once("turnout", () => readTurnout(this.files.get("turnout.json")));
  }
  get result() {
    return this.once("result", () => readResult(this.files.get("result.json")));
  }
}

const need = (good, file, line = 0) => {
  if (!good) throw new Malformed(file, line, "not_as_asked");
};
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isText = (value) => typeof value === "string";

const readDefinition = (bytes) => {
  const [file, value] = ["definition.json", jsonOf(bytes, "definition.json")];
  if (!isWritten(value, bytes)) throw new Malformed(file, 0, "not_canonical");
  const { projects, keys, witnesses, register, style, rule, title } = value;
  need(value.kind === "quotepart-election/1" && [value.origin, value.currency, value.draw_source].every(isText), file);
  need(Array.isArray(projects) && projects.length && projects.every((one) => /^\S+$/u.test(one?.id) && isText(one.title) && isCount(one.cost_cents)), file);
  need(new Set(projects.map((one) => one.id)).size === projects.length, file);
  need(isCount(value.envelope_cents) && isCount(value.ballot_bytes) && isCount(value.least_batch) && isCount(register?.count), file);
  need([style?.kind, rule?.kind].every(isText) && title && typeof title === "object", file);
  need(["open", "discreet"].includes(value.publication) && typeof value.change_of_vote === "boolean", file);
  need(typeof value.declarations === "boolean" && !Number.isNaN(Date.parse(value.closes)), file);
  const raw = Object.fromEntries(["opening", "receipt", "log"].map((name) => [name, fromHex(keys?.[name], 32)]));
  need(Object.values(raw).every(Boolean) && Array.isArray(witnesses), file);
  const seeing = witnesses.map((one) => ({ name: one?.name, key: fromHex(one?.key, 32) }));
  need(seeing.every((one) => isText(one.name) && one.key), file);
  return { ...value, keys: raw, witnesses: seeing, costs: new Map(projects.map((one) => [one.id, BigInt(one.cost_cents)])) };
};

const readHeads = (files, file) =>
  rowsOf(files, file).map((row, at) => {
    need(shaped(row, { note: "text", consistency: "list" }), file, at + 1);
    const note = readNote(row.note);
    const proof = row.consistency.map(fromBase64);
    need(note && proof.every((step) => step?.length === 32), file, at + 1);
    return { ...note, proof };
  });

// Every entry with its leaf; `sealed` is null where it is no entry of this election.
const readLog = (files, definition) =>
  rowsOf(files, "log.jsonl").map((row, at) => {
    need(shaped(row, { index: "whole", entry: "text" }) && row.index === at, "log.jsonl", at + 1);
    const raw = fromBase64(row.entry);
    need(raw, "log.jsonl", at + 1);
    return { leaf: leafHash(raw), ...readEntry(raw, definition) };
  });

const readEntry = (raw, { change_of_vote, ballot_bytes }) => {
  const strange = { sealed: null, change: null };
  const size = 32 + ballot_bytes + 16;
  if (!change_of_vote) return raw.length === size ? { sealed: raw, change: null } : strange;
  let value = null;
  try {
    value = JSON.parse(textOf(raw));
  } catch {
    return strange;
  }
  const keys = { sealed: "text", change: "text", replaces: "text", proof: "text" };
  if (!shaped(value, keys) || !isWritten(value, raw) || Boolean(value.replaces) !== Boolean(value.proof)) return strange;
  const sealed = fromBase64(value.sealed);
  const good = fromHex(value.change, 32) && (!value.replaces || (fromHex(value.replaces, 32) && fromHex(value.proof, 16)));
  return good && sealed?.length === size ? { sealed, change: value } : strange;
};

const readPaper = (bytes) => {
  const file = "paper_lots.csv";
  const rows = tableOf(decoded(bytes, file), ",");
  need(rows[0]?.join(",") === "lot,serial,choices,null_reason", file, 1);
  return rows.slice(1).map((row, at) => {
    need(row.length === 4 && /^\d{1,9}$/.test(row[0]) && /^\d{1,9}$/.test(row[1]), file, at + 2);
    return { lot: Number(row[0]), serial: Number(row[1]), choices: row[2] ? row[2].split(" ") : [], reason: row[3] };
  });
};

const decoded = (bytes, file) => {
  try {
    return textOf(bytes);
  } catch {
    throw new Malformed(file, 0, "not_as_asked");
  }
};

const readTurnout = (bytes) => {
  const [file, value] = ["turnout.json", jsonOf(bytes, "turnout.json")];
  const good = (row, keys) => shaped(row, keys) && Object.values(row).every((part) => typeof part !== "number" || part >= 0);
  need(good(value, { register: "object", spent: "object", voided: "whole", days: "list" }), file);
  need(good(value.register, { frozen: "whole", declared: "whole", changes: "list", total: "whole" }), file);
  need(value.register.changes.every((one) => good(one, { day: "text", added: "whole", removed: "whole" })), file);
  need(good(value.spent, { online: "whole", paper: "whole" }), file);
  need(value.days.every((one) => good(one, { day: "text", online: "whole", paper: "whole" })), file);
  return value;
};

const readResult = (bytes) => {
  const [file, value] = ["result.json", jsonOf(bytes, "result.json")];
  for (const key of ["rule", "selected", "total_cost_cents", "budget_cents", "draw", "blank", "null", "valid"]) need(Object.hasOwn(value, key), file);
  const { draw } = value;
  const seed = draw?.kind === "seed" && isText(draw.value) && draw.value;
  const order = draw?.kind === "order" && Array.isArray(draw.value) && draw.value.every(isText);
  need(draw === null || ((seed || order) && Object.keys(draw).length === 2), file);
  need(Array.isArray(value.selected) && value.selected.every(isText), file);
  return value;
};
