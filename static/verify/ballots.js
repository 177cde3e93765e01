"use strict";
// V6 to V8: every sealed ballot is opened again, judged again by the frozen form, and followed where its voter replaced it.

// Who replaces whom, by the log alone: { replaced: Map from index to index, found }. A replacement needs the secret of what it replaces.
const chainsOf = (log) => {
  const [replaced, found] = [new Map(), new Findings()];
  const place = new Map();
  log.forEach((entry, index) => place.has(toHex(entry.leaf)) || place.set(toHex(entry.leaf), index));
  log.forEach(({ change }, index) => {
    if (!change?.replaces) return;
    const earlier = place.get(change.replaces);
    const target = earlier === undefined ? null : log[earlier].change;
    if (!target) found.fault("replaces_nothing", { index });
    else if (toHex(sha256(fromHex(change.proof, 16))) !== target.change) found.fault("replaces_unproven", { index, earlier });
    else if (replaced.has(earlier)) found.fault("replaced_twice", { earlier });
    else replaced.set(earlier, index);
  });
  return { replaced, found };
};

// The choices in an opened ballot, null where it holds no ballot in the one way of writing it.
const choicesIn = (padded) => {
  const plain = padded && unpadded(padded);
  if (!plain) return null;
  let value = null;
  try {
    value = JSON.parse(textOf(plain));
  } catch {
    return null;
  }
  if (!shaped(value, { choices: "list" }) || !value.choices.every(isText) || !isWritten(value, plain)) return null;
  return value.choices.every((id, at) => at === 0 || byCodePoints(value.choices[at - 1], id) <= 0) ? value.choices : null;
};

// The ballots that count, as the count takes them: how many ballots make just these choices, and how many are null.
class Tally {
  constructor() {
    [this.piles, this.invalid, this.number] = [new Map(), 0, 0];
  }
  add(choices) {
    const key = [...choices].sort(byCodePoints).join("\n");
    this.piles.set(key, (this.piles.get(key) ?? 0) + 1);
    this.number += 1;
  }
  get blank() {
    return this.piles.get("") ?? 0;
  }
}

const readOpening = (files) => {
  const value = jsonOf(files.get("opening.json"), "opening.json");
  const key = shaped(value, { mode: "text", key: "text" }) && value.mode === "open" && fromHex(value.key, 32);
  const commitment = shaped(value, { mode: "text", commitment: "text" }) && value.mode === "discreet" && fromHex(value.commitment, 32);
  if (key) return { key };
  if (commitment) return { commitment: value.commitment };
  need(shaped(value, { mode: "text", openings: "list" }) && value.mode === "open", "opening.json");
  const [single, last] = [new Map(), { index: -1 }];
  for (const row of value.openings) {
    const raw = shaped(row, { index: "whole", shared: "text" }) && fromHex(row.shared, 32);
    need(raw && row.index > last.index, "opening.json");
    last.index = row.index;
    single.set(row.index, raw);
  }
  return { single };
};

const REASONS = ["unreadable", "form", "unknown"];
const readPublished = (files, numbered) =>
  rowsOf(files, "ballots.jsonl").map((row, at) => {
    const { index, ...rest } = row;
    need(numbered ? index === at : index === undefined, "ballots.jsonl", at + 1);
    const good =
      (shaped(rest, { choices: "list" }) && rest.choices.every(isText)) || (shaped(rest, { invalid: "text" }) && REASONS.includes(rest.invalid)) ||
      (numbered && shaped(rest, { replaced_by: "whole" }));
    need(good, "ballots.jsonl", at + 1);
    return rest;
  });

// Opens and judges everything once; V6, V7, V8, V11 and V13 then look at what was found.
const openedBallots = (evidence, heard) => evidence.once("opened", () => openAll(evidence, heard));
const openAll = async (evidence, heard) => {
  const { definition, files } = evidence;
  const opened = { tally: new Tally(), seals: new Findings(), rules: new Findings(), chains: new Findings(), whole: true, lines: [] };
  const opening = readOpening(files);
  if (definition.publication === "discreet") apart(evidence, opening, opened);
  else await inOrder(evidence, opening, opened, heard);
  const { tally, rules } = opened;
  if (!knownStyle(definition.style)) rules.leave("style_unknown", { kind: definition.style.kind });
  else rules.note("judged", { valid: tally.number, blank: tally.blank, invalid: tally.invalid });
  for (const { choices, reason } of evidence.paper) {
    if (reason) tally.invalid += 1;
    else if (!faultOf(choices, definition)) tally.add(choices);
  }
  return opened;
};

const inOrder = async (evidence, opening, opened, heard) => {
  const { definition, log, chains } = evidence;
  opened.whole = fits(definition, opening, opened.seals);
  if (!opened.whole) return;
  const lines = (opened.lines = readPublished(evidence.files, true));
  if (lines.length !== log.length) {
    opened.seals.fault("lengths");
    opened.whole = false;
    return;
  }
  const state = { definition, info: fromHex(evidence.hash, 32), opening, opened, unproven: 0 };
  for (let index = 0; index < lines.length; index++) {
    if (index % 20 === 0) await heard(say("opening", { done: index, all: lines.length }), (5 + index / lines.length) / 13);
    const by = chains.replaced.get(index);
    if (by !== undefined || lines[index].replaced_by !== undefined) compareReplaced(index, by, lines[index], state);
    else compareOpened(index, log[index], lines[index], state);
  }
  if (state.unproven) opened.seals.leave("unproven", { number: state.unproven });
  else if (!opened.seals.faults.length) opened.seals.note("opened_all", { number: lines.length - chains.replaced.size });
};

// Whether the opening is of the kind that was announced, and its key the one to which ballots were sealed.
const fits = (definition, { key, commitment }, seals) => {
  if (commitment) seals.fault("not_in_order");
  else if (definition.change_of_vote) seals.expect(!key, "key_shown");
  else if (!key) seals.fault("key_missing");
  else seals.expect(same(x25519.getPublicKey(key), definition.keys.opening), "key_other");
  return !seals.faults.length;
};

const compareReplaced = (index, by, line, { opening, opened }) => {
  if (line.replaced_by === undefined) opened.chains.fault("replaced_counts", { index });
  else opened.chains.expect(line.replaced_by === by, "replaced_not", { index, by: line.replaced_by });
  opened.seals.expect(by === undefined || !opening.single?.has(index), "replaced_opened", { index });
};

const compareOpened = (index, entry, line, state) => {
  const { definition, opening, opened } = state;
  if (opening.single && !opening.single.has(index)) {
    opened.seals.fault("not_opened", { index });
    return;
  }
  const agreed = entry.sealed && (opening.key ? agreedWith(entry.sealed, opening.key) : opening.single.get(index));
  const choices = agreed ? choicesIn(openedWith(entry.sealed, agreed, definition.keys.opening, state.info)) : null;
  if (line.choices) {
    opened.seals.expect(choices && canonical(choices) === canonical(line.choices), "other_choices", { index });
    countLine(line.choices, definition, opened, say("ballot", { index }));
    return;
  }
  opened.tally.invalid += 1;
  if (line.invalid === "unreadable") {
    opened.seals.expect(!choices, "is_readable", { index });
    if (!choices && opening.single) state.unproven += 1;
  } else if (!choices) opened.seals.fault("not_readable", { index });
  else if (knownStyle(definition.style)) {
    opened.rules.expect(faultOf(choices, definition) === line.invalid, "wrongly_invalid", { ballot: say("ballot", { index }) });
  }
};

const countLine = (choices, definition, { tally, rules }, ballot) => {
  const fault = knownStyle(definition.style) ? faultOf(choices, definition) : "";
  if (fault === "unknown") rules.fault("counted_unknown", { ballot });
  else if (fault) rules.fault("counted_form", { ballot });
  else tally.add(choices);
};

// Discreet publication: the sorted list stands apart from the log.
const apart = ({ definition, files, log, chains }, { commitment }, opened) => {
  if (!commitment) {
    opened.seals.fault("not_apart");
    opened.whole = false;
    return;
  }
  const lines = readPublished(files, false);
  const texts = textOf(files.get("ballots.jsonl")).split("\n").slice(0, -1);
  opened.seals.expect(texts.every((text, at) => at === 0 || byCodePoints(texts[at - 1], text) <= 0), "not_sorted");
  lines.forEach((line, at) => {
    if (line.choices) countLine(line.choices, definition, opened, say("list_line", { line: at + 1 }));
    else opened.tally.invalid += 1;
  });
  const counting = log.length - chains.replaced.size;
  opened.seals.expect(lines.length === counting, "list_size", { listed: lines.length, logged: counting });
  opened.seals.leave("discreet", { commitment });
};

const checkSeals = async (evidence, found, receipt, heard) => found.join((await openedBallots(evidence, heard)).seals);
const checkRules = async (evidence, found, receipt, heard) => found.join((await openedBallots(evidence, heard)).rules);
const checkChains = async (evidence, found, receipt, heard) => {
  const { chains, definition } = evidence;
  found.join(chains.found);
  found.join((await openedBallots(evidence, heard)).chains);
  if (definition.change_of_vote) found.note("replaced_many", { number: chains.replaced.size });
  else found.note("no_changes");
};

const PAPER_REASONS = ["too_few", "too_many", "over_budget", "unknown_mark", "sign", "several", "unreadable", "form", "other"];
const checkPaper = ({ paper, definition, withheld }, found) => {
  paper.forEach((one, at) => {
    const ballot = say("lot", one);
    const before = paper[at - 1] ?? { lot: -1, serial: -1 };
    found.expect(one.choices.every((id, place) => !place || byCodePoints(one.choices[place - 1], id) <= 0), "paper_unsorted", { ballot });
    const side = before.lot - one.lot || before.serial - one.serial;
    if (side === 0) found.fault("paper_twice", { ballot });
    else found.expect(side < 0, "paper_order", { ballot });
    if (withheld) found.expect(one.reason === "withheld" && !one.choices.length, "paper_shown", { ballot });
    else if (one.reason) judgeNull(one, definition, ballot, found);
    else if (knownStyle(definition.style)) found.expect(!faultOf(one.choices, definition), "counted_form", { ballot });
  });
  found.note("paper_typed", { number: paper.length });
};

const judgeNull = ({ reason, choices }, definition, ballot, found) => {
  // The first three reasons show in the choices themselves; the others only on the paper.
  const shows = PAPER_REASONS.indexOf(reason) < 3 && choices.length > 0 && knownStyle(definition.style);
  if (!PAPER_REASONS.includes(reason)) found.fault("paper_reason", { ballot });
  else if (shows) found.expect(faultOf(choices, definition), "wrongly_invalid", { ballot });
};
