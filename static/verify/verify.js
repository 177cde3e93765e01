"use strict";
// The checks of an election bundle, written a second time and apart from the platform, so that one mistake is not made twice.
// V1 to V5, V9 and V10 are here, V6 to V8 in ballots.js, V11 to V13 in result.js.

const MOST_FAULTS = 5;

// What one check found. It holds unless there is a fault (then it does not) or something left open (then nobody can say: null).
class Findings {
  constructor() {
    [this.faults, this.open, this.notes] = [[], [], []];
  }
  fault(key, values) {
    this.faults.push(say(key, values));
  }
  expect(good, key, values) {
    if (!good) this.fault(key, values);
  }
  leave(key, values) {
    this.open.push(say(key, values));
  }
  note(key, values) {
    this.notes.push(say(key, values));
  }
  join(other) {
    for (const part of ["faults", "open", "notes"]) this[part].push(...other[part]);
  }
  check(id) {
    const more = this.faults.length - MOST_FAULTS;
    const told = more > 0 ? [...this.faults.slice(0, MOST_FAULTS), say("more_faults", { number: more })] : this.faults;
    return { id, title: say(id), holds: this.faults.length ? false : this.open.length ? null : true, sentences: [...told, ...this.open, ...this.notes] };
  }
}

// All checks of a bundle in their order. `receipt`: text of a receipt file or a code, or "". `heard(sentence, part)` is told what is done.
// Throws Malformed only where the bytes are no zip of a bundle.
const verifyBundle = async (bytes, receipt = "", heard = () => {}) => {
  const evidence = new Evidence(await readZip(bytes));
  const [checks, broken] = [[], new Map()];
  for (const [id, work] of CHECKS) {
    await heard(say("checking", { check: id }), checks.length / CHECKS.length);
    const found = new Findings();
    try {
      await work(evidence, found, receipt, heard);
    } catch (fault) {
      brokenBy(fault, id, found, broken);
    }
    checks.push(found.check(id));
  }
  return { checks };
};

// A file that cannot be read is the fault of the first check that needs it; the others say that they need it.
const brokenBy = (fault, id, found, broken) => {
  if (!(fault instanceof Malformed)) {
    found.fault("unforeseen", { reason: fault instanceof Error ? fault.message : String(fault) });
  } else if (broken.has(fault.message)) {
    found.leave("broken_before", { file: fault.message.split(",")[0], check: broken.get(fault.message) });
  } else {
    broken.set(fault.message, id);
    found.faults.push(fault.says);
  }
};

const checkSums = (evidence, found) => {
  const { files } = evidence;
  const told = files.get("SHA256SUMS");
  const hashes = new Map([...files].filter(([name]) => !name.startsWith("SHA256SUMS")).map(([name, data]) => [name, toHex(sha256(data))]));
  const listed = new Map(decoded(told, "SHA256SUMS").split("\n").filter(Boolean).map((line) => [line.slice(66), line.slice(0, 64)]));
  for (const [name, hash] of hashes) {
    if (!listed.has(name)) found.fault("sums_unlisted", { file: name });
    else found.expect(listed.get(name) === hash, "sums_changed", { file: name });
  }
  for (const name of listed.keys()) found.expect(hashes.has(name), "sums_missing", { file: name.slice(0, 100) });
  for (const name of REQUIRED) if (!files.has(name) && !listed.has(name)) found.faults.push(say("in_file", { file: name, reason: say("missing") }));
  const written = [...hashes.keys()].sort().map((name) => `${hashes.get(name)}  ${name}\n`).join("");
  if (!found.faults.length) found.expect(same(utf8(written), told), "sums_written");
  const signature = decoded(files.get("SHA256SUMS.sig"), "SHA256SUMS.sig");
  const raw = signature.endsWith("\n") ? fromBase64(signature.slice(0, -1)) : null;
  found.expect(raw && isSigned(raw, told, evidence.definition.keys.log), "sums_unsigned");
  found.note("sums_good", { number: hashes.size });
};

const checkDefinition = ({ definition, hash, heads, actHeads }, found) => {
  need(definition, "definition.json");
  heads.forEach((head, at) => found.expect(head.hash === hash, "other_definition", { file: "sths.jsonl", head: at + 1, hash: head.hash.slice(0, 64) }));
  const frozen = actHeads.findIndex((head) => head.hash !== "");
  actHeads.forEach((head, at) => {
    const before = head.hash === "" && (frozen < 0 || at < frozen);
    found.expect(before || head.hash === hash, "other_definition", { file: "acts_sths.jsonl", head: at + 1, hash: head.hash.slice(0, 64) });
  });
  found.note("hash_is", { hash });
};

const checkHeads = ({ definition, heads, actHeads }, found) => {
  grew(definition, heads, definition.origin, "sths.jsonl", found);
  grew(definition, actHeads, `${definition.origin}/acts`, "acts_sths.jsonl", found);
  const last = heads[heads.length - 1];
  if (!last) {
    found.fault("heads_none");
    return;
  }
  const minute = minuteOf(last);
  found.expect(minute === null || minute >= Math.floor(Date.parse(definition.closes) / 60000), "heads_early");
  witnessed(definition, last, found);
  found.note("heads_read", { number: heads.length });
};

// Minutes since 1970, null where the text is no instant with its zone.
const minuteOf = (head) => {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(head.minute) ? Date.parse(head.minute) : NaN;
  return Number.isNaN(at) ? null : Math.floor(at / 60000);
};

const grew = (definition, heads, origin, file, found) => {
  heads.forEach((head, at) => {
    const [values, before] = [{ file, head: at + 1 }, heads[at - 1]];
    found.expect(head.origin === origin && signedBy(head, origin, definition.keys.log), "head_unsigned", values);
    for (const { name, key } of definition.witnesses) {
      found.expect(cosignedBy(head, name, key) !== "wrong", "head_cosigned_wrong", { ...values, witness: name });
    }
    if (!before) found.expect(!head.proof.length, "head_first", values);
    else found.expect(follows(before, head), "head_grew", values);
    const [minute, earlier] = [minuteOf(head), before ? minuteOf(before) : null];
    if (minute === null) found.fault("head_minute", values);
    else found.expect(earlier === null || earlier <= minute, "head_older", values);
  });
};

const follows = (before, head) => {
  if (before.size === 0) return !head.proof.length && (head.size > 0 || same(before.root, head.root));
  return isLonger(before.size, before.root, head.size, head.root, head.proof);
};

// More than half of the witnesses: two different logs can then not both be signed unless a witness signs both.
const witnessed = (definition, head, found) => {
  const named = definition.witnesses;
  if (!named.length) {
    found.note("no_witnesses");
    return;
  }
  const signed = named.filter(({ name, key }) => cosignedBy(head, name, key) === "yes").map((one) => one.name);
  const absent = listed(named.map((one) => one.name).filter((name) => !signed.includes(name)));
  if (2 * signed.length <= named.length) found.fault("witnesses_few", { signed: signed.length, named: named.length, absent });
  else if (signed.length < named.length) found.note("witnesses_absent", { absent });
  if (signed.length) found.note("witnesses_signed", { witnesses: listed(signed) });
};

const checkRoots = ({ files, log, heads, actHeads }, found) => {
  covered(heads, log.map((entry) => entry.leaf), "log.jsonl", found);
  covered(actHeads, readActs(files, found), "acts.jsonl", found);
  found.note("log_size", { number: log.length });
};

const covered = (heads, leaves, file, found) => {
  const [size, roots] = [leaves.length, rootsAt(leaves, heads.map((head) => head.size))];
  heads.forEach((head, at) => {
    if (head.size > size) found.fault("taken_away", { file, size, head: at + 1, signed: head.size });
    else found.expect(same(roots.get(head.size), head.root), "other_root", { file, head: at + 1 });
  });
  const signed = heads.length ? heads[heads.length - 1].size : 0;
  found.expect(size <= signed, "added", { file, size, signed });
};

// The leaves of the civic acts; a text that is still there must be the one that was hashed.
const readActs = (files, found) => {
  const rows = rowsOf(files, "acts.jsonl");
  const erased = rows.filter((row) => row.text === null).length;
  if (erased) found.note("acts_erased", { number: erased });
  return rows.map((row, at) => {
    const good = shaped(row, { index: "whole", hash: "text", salt: "text|null", text: "text|null" }) && row.index === at;
    need(good && (row.salt === null) === (row.text === null) && fromHex(row.hash, 32), "acts.jsonl", at + 1);
    const leaf = fromHex(row.hash, 32);
    const entry = () => leafHash(utf8(canonical({ salt: row.salt, text: row.text })));
    found.expect(row.text === null || same(entry(), leaf), "act_changed", { act: at });
    return leaf;
  });
};

const checkEntries = ({ log }, found) => {
  const seen = new Map();
  log.forEach((entry, index) => {
    // With changes of vote the same sealed ballot in another wrapping would count twice what was cast once.
    const marks = [`leaf ${toHex(entry.leaf)}`, ...(entry.sealed ? [`seal ${toHex(sha256(entry.sealed))}`] : [])];
    const first = marks.map((mark) => seen.get(mark)).find((place) => place !== undefined);
    if (first !== undefined) found.fault("copy", { first, again: index });
    for (const mark of marks) if (!seen.has(mark)) seen.set(mark, index);
    found.expect(entry.sealed, "strange", { index });
  });
  if (!found.faults.length) found.note("all_different");
};

const checkNumbers = (evidence, found) => {
  const { definition, turnout, heads, paper } = evidence;
  checkTurnout(turnout, definition, found);
  let [leaves, replaced] = [heads.length ? heads[heads.length - 1].size : 0, 0];
  if (evidence.withheld) {
    checkWithheld(evidence.files, leaves + paper.length, definition.least_batch, found);
    if (definition.change_of_vote) replaced = Math.max(leaves - turnout.spent.online, 0);
  } else [leaves, replaced] = [evidence.log.length, evidence.chains.replaced.size];
  const { online, paper: onPaper } = turnout.spent;
  found.expect(leaves - replaced === online, "online_differ", { voted: online, ballots: leaves - replaced });
  found.expect(paper.length <= onPaper, "paper_added", { voted: onPaper, ballots: paper.length });
  if (paper.length < onPaper) found.note("paper_fewer", { number: onPaper - paper.length });
  found.note("voted", { online, paper: onPaper, total: turnout.register.total });
  checkBatches(heads, definition.least_batch, found);
};

const checkTurnout = ({ register, spent, days }, definition, found) => {
  const sum = (rows, of) => rows.reduce((total, row) => total + of(row), 0);
  found.expect(register.frozen === definition.register.count, "register_frozen", { frozen: definition.register.count, told: register.frozen });
  found.expect(definition.declarations || register.declared === 0, "register_declared");
  const total = register.frozen + register.declared + sum(register.changes, (one) => one.added - one.removed);
  found.expect(total === register.total, "register_sum", { sum: total, told: register.total });
  for (const way of ["online", "paper"]) {
    const counted = sum(days, (day) => day[way]);
    found.expect(counted === spent[way], "days_sum", { sum: counted, told: spent[way] });
  }
  const voted = spent.online + spent.paper;
  found.expect(voted <= register.total, "too_many_voted", { voted, total: register.total });
};

const checkWithheld = (files, many, least, found) => {
  for (const file of ["log.jsonl", "ballots.jsonl", "opening.json"]) found.expect(same(files.get(file), utf8(FEW)), "withheld_partly", { file });
  found.expect(!files.has("result.pb"), "withheld_partly", { file: "result.pb" });
  found.expect(many < least, "withheld_many", { many, least });
};

// Each head adds nothing or at least so many ballots; where there are fewer in all, one batch holds them.
const checkBatches = (heads, least, found) => {
  const last = heads.length ? heads[heads.length - 1].size : 0;
  heads.forEach(({ size }, at) => {
    const before = at ? heads[at - 1].size : 0;
    const small = size > before && size - before < least && (before > 0 || size !== last);
    found.expect(!small, "small_batch", { head: at + 1, added: size - before, least });
  });
  if (last > 0 && last < least) found.note("few_online", { number: last });
};
