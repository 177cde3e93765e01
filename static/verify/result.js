"use strict";
// V11 to V13: the result counted again, the receipt, the file for other programs; and the list of all checks.

const countAgain = (evidence, tally, heard) => {
  const { definition, result } = evidence;
  const projects = definition.projects.map((one) => ({ id: one.id, cost: BigInt(one.cost_cents), carrier: one.carrier ?? "", filed: one.number ?? null }));
  const { style } = definition;
  const election = { projects, style, ballots: tally.piles, envelope: BigInt(definition.envelope_cents), draw: result.draw };
  return recount(definition.rule, election, (runs) => heard(say("recounting", { runs }), 10 / 13));
};

const checkResult = async (evidence, found, receipt, heard) => {
  const { definition, result } = evidence;
  const { tally } = await openedBallots(evidence, heard);
  found.expect(canonical(result.rule) === canonical(definition.rule), "other_rule");
  compareNumbers(result, tally, definition, found);
  compareProjects(result, tally, definition, found);
  if (!countable(definition.rule, definition.style)) {
    found.leave("rule_not_here", { kind: definition.rule.kind });
    return;
  }
  const { selected, needsDraw } = await countAgain(evidence, tally, heard);
  if (canonical(selected) !== canonical(result.selected)) found.fault("other_winners", { counted: listed(selected), published: listed(result.selected) });
  const spent = needsDraw.length && definition.rule.kind === "equal_shares" ? 0 : costOf(selected, definition);
  compareNumber("total_cost_cents", spent, result, found);
  found.note("counted", {
    ballots: tally.number, winners: selected.length, spent: money(spent, definition.currency), budget: money(definition.envelope_cents, definition.currency),
  });
  const titles = new Map(definition.projects.map((one) => [one.id, one.title]));
  if (selected.length) found.note("winners", { names: listed(selected.map((id) => titles.get(id))) });
  if (result.draw) found.note("draw_used", { draw: [result.draw.value].flat().join(", "), source: definition.draw_source });
  if (needsDraw.length) found.note("needs_draw", { names: listed(needsDraw) });
};

const costOf = (ids, { costs }) => Number(ids.reduce((sum, id) => sum + costs.get(id), 0n));
const compareNumber = (key, counted, result, found) => found.expect(result[key] === counted, "other_number", { key, counted, told: String(result[key]).slice(0, 100) });
const compareNumbers = (result, tally, definition, found) => {
  compareNumber("budget_cents", definition.envelope_cents, result, found);
  compareNumber("valid", tally.number - tally.blank, result, found);
  compareNumber("blank", tally.blank, result, found);
  compareNumber("null", tally.invalid, result, found);
};

// The rows of single projects, where the result has them.
const compareProjects = ({ projects: rows, selected }, tally, definition, found) => {
  if (!Array.isArray(rows)) return;
  const votes = new Map(definition.projects.map((one) => [one.id, 0]));
  for (const [pile, many] of tally.piles) {
    for (const [id, mark] of marksOf(pile, definition.style)) if (supports(mark, definition.style)) votes.set(id, votes.get(id) + many);
  }
  const told = new Map(rows.map((row) => [row?.id, row]));
  const wrong = definition.projects.filter(({ id, cost_cents }) => told.get(id)?.votes !== votes.get(id) || told.get(id).cost_cents !== cost_cents);
  const won = rows.filter((row) => row?.status === "won").map((row) => row.id);
  found.expect(canonical(won.sort()) === canonical([...selected].sort()), "other_status");
  found.expect(!wrong.length && told.size === votes.size, "other_rows", { names: listed(wrong.map((one) => one.id)) });
};

// A receipt file, or the code of sixteen letters in whatever way it was typed.
const readReceipt = (text) => {
  const code = text.trim().toLowerCase().replace(/[\s-]/g, "").replace(/o/g, "0").replace(/[il]/g, "1");
  if (/^[0-9abcdefghjkmnpqrstvwxyz]{16}$/.test(code)) return { code };
  try {
    const value = JSON.parse(text);
    const keys = { kind: "text", election_hash: "text", leaf: "text", merge_by: "text", signature: "text" };
    const good = shaped(value, keys) && value.kind === "quotepart-receipt/1" && fromHex(value.leaf, 32) && fromBase64(value.signature);
    return good ? { promise: value } : null;
  } catch {
    return null;
  }
};

// The first 80 bits of a leaf in Crockford's base 32, in groups of four.
const codeOf = (leaf) => {
  const number = BigInt(`0x${leaf.slice(0, 20)}`);
  return Array.from({ length: 16 }, (_, at) => "0123456789abcdefghjkmnpqrstvwxyz"[Number((number >> BigInt(75 - 5 * at)) & 31n)]).join("");
};
const inGroups = (code) => code.replace(/(.{4})(?=.)/g, "$1 ");

const checkReceipt = async (evidence, found, receipt, heard) => {
  if (!receipt) {
    found.leave("no_receipt");
    return;
  }
  const given = readReceipt(receipt);
  if (!given) found.fault("receipt_shape");
  else if (!given.promise || isPromised(given.promise, evidence, found)) await findBallot(given, evidence, found, heard);
};

const isPromised = (promise, { definition, hash }, found) => {
  const { election_hash, kind, leaf, merge_by } = promise;
  const signed = utf8(canonical({ election_hash, kind, leaf, merge_by }));
  if (election_hash !== hash) found.fault("receipt_other", { hash: election_hash.slice(0, 64) });
  else if (!isSigned(fromBase64(promise.signature), signed, definition.keys.receipt)) found.fault("receipt_unsigned");
  else found.note("receipt_signed");
  return !found.faults.length;
};

const findBallot = async ({ promise, code }, evidence, found, heard) => {
  if (evidence.withheld) {
    found.leave("receipt_withheld");
    return;
  }
  const index = evidence.log.findIndex(({ leaf }) => (promise ? toHex(leaf) === promise.leaf : codeOf(toHex(leaf)) === code));
  if (index >= 0) {
    found.note("receipt_kept", { place: index + 1 });
    const first = evidence.heads.find((head) => head.size > index);
    if (promise && first) found.note("receipt_first", { minute: first.minute, promised: promise.merge_by });
    tellBallot(index, evidence.definition, (await openedBallots(evidence, heard)).lines[index], found);
  } else if (promise) found.fault("receipt_broken", { code: inGroups(codeOf(promise.leaf)), minute: promise.merge_by });
  else found.fault("code_missing", { code: inGroups(code) });
};

// What was published of this ballot, so that its voter can compare; nothing where the list stands apart from the log.
const tellBallot = (index, definition, line, found) => {
  if (!line) return;
  const titles = new Map(definition.projects.map((one) => [one.id, one.title]));
  if (line.replaced_by !== undefined) found.note("mine_replaced", { place: line.replaced_by + 1 });
  else if (line.invalid) found.note("mine_invalid", { reason: line.invalid });
  else if (!line.choices.length) found.note("mine_blank");
  else {
    const told = [...(marksIn(line.choices, definition.style) ?? line.choices.map((id) => [id, 1]))];
    const shown = ([id, mark]) => (titles.get(id) ?? id) + (isPlain(definition.style) ? "" : ` (${mark})`);
    found.note("mine_for", { titles: listed(told.map(shown)) });
  }
};

// A Pabulib file: three sections, each with its name, its columns and its rows.
const readPabulib = (bytes) => {
  const [file, sections] = ["result.pb", { META: [], PROJECTS: [], VOTES: [] }];
  let current = null;
  for (const row of tableOf(decoded(bytes, file), ";")) {
    if (row.length === 1 && sections[row[0]]) current = sections[row[0]];
    else if (row.length > 1 || row[0]) need(current, file), current.push(row);
  }
  const [meta, projects, votes] = Object.values(sections).map(([columns, ...rows]) =>
    rows.map((row) => Object.fromEntries((columns ?? []).map((name, at) => [name, row[at] ?? ""]))),
  );
  need(projects.every((one) => one.project_id) && votes.every((one) => isText(one.vote)), file);
  return { meta: new Map(meta.map((one) => [one.key, one.value])), projects, votes };
};

// Cents in a decimal number, null where there are none in it: "12.5" is 1250n.
const centsOf = (text) => {
  const [, whole, part] = /^(\d{1,13})(?:[.,](\d{1,2})0*)?$/.exec(text ?? "") ?? [];
  return whole === undefined ? null : BigInt(whole) * 100n + BigInt((part ?? "").padEnd(2, "0"));
};
const dataAfter = (comment, mark) => {
  const from = comment.indexOf(mark);
  if (from < 0) return "";
  const rest = comment.slice(from + mark.length);
  const stop = rest.search(/ #\d+: |$/);
  return rest.slice(0, stop);
};

const checkPabulib = async (evidence, found, receipt, heard) => {
  const { definition, result, files } = evidence;
  need(files.has("result.pb"), "result.pb");
  const { tally } = await openedBallots(evidence, heard);
  const { meta, projects, votes } = readPabulib(files.get("result.pb"));
  const costs = new Map(projects.map((one) => [one.project_id, centsOf(one.cost)]));
  for (const [id, cost] of definition.costs) found.expect(costs.get(id) === cost, "pb_project", { id });
  for (const id of costs.keys()) found.expect(definition.costs.has(id), "pb_only", { id });
  const envelope = centsOf(meta.get("budget")) === BigInt(definition.envelope_cents) && meta.get("currency") === definition.currency;
  found.expect(envelope, "pb_budget");
  const comment = meta.get("comment") ?? "";
  found.expect(dataAfter(comment, "rule as data: ") === canonical(definition.rule), "pb_rule");
  const draw = result.draw && { [result.draw.kind === "seed" ? "seed" : "draw"]: result.draw.value };
  found.expect(dataAfter(comment, "draw as data: ") === (draw ? canonical(draw) : ""), "pb_draw");
  const winners = projects.filter((one) => one.selected === "1").map((one) => one.project_id);
  found.expect(!winners.length || canonical(winners.sort()) === canonical([...result.selected].sort()), "pb_winners");
  found.expect(Number(dataAfter(comment, "blank ballots, not listed: ")) === tally.blank, "pb_blank");
  compareBallots(votes, projects, tally, definition.style, found);
  if (!found.faults.length) found.note("pb_same");
};

// The entries of a line: a ranking has its order, other marks stand beside the projects as points.
const entriesIn = ({ vote, points }, style) => {
  const [ids, given] = [vote.split(","), (points ?? "").split(",")];
  if (isPlain(style)) return ids;
  return ids.map((id, at) => `${id}:${style.kind === "ranking" ? at + 1 : given[at]}`);
};

const compareBallots = (votes, projects, tally, style, found) => {
  const [theirs, support] = [new Tally(), new Map()];
  for (const row of votes) {
    const entries = entriesIn(row, style);
    theirs.add(entries);
    for (const [id, mark] of marksIn(entries, style) ?? []) if (supports(mark, style)) support.set(id, (support.get(id) ?? 0) + 1);
  }
  const equal = theirs.number === tally.number - tally.blank && [...theirs.piles].every(([choices, many]) => tally.piles.get(choices) === many);
  found.expect(equal, "pb_ballots");
  for (const { project_id: id, votes: told } of projects) found.expect(Number(told) === (support.get(id) ?? 0), "pb_votes", { id });
};

// Where the ballots are withheld because they are few, a check that needs them says why nobody can make it.
const shown = (check) => async (evidence, found, ...rest) => {
  if (evidence.withheld) found.leave("withheld_why", { least: evidence.definition.least_batch });
  else await check(evidence, found, ...rest);
};
const whole = (check) =>
  shown(async (evidence, found, receipt, heard) => {
    if ((await openedBallots(evidence, heard)).whole) await check(evidence, found, receipt, heard);
    else found.leave("not_whole");
  });

const CHECKS = [
  ["V1", checkSums], ["V2", checkDefinition], ["V3", checkHeads], ["V4", shown(checkRoots)], ["V5", shown(checkEntries)],
  ["V6", shown(checkSeals)], ["V7", shown(checkRules)], ["V8", shown(checkChains)], ["V9", checkNumbers], ["V10", checkPaper],
  ["V11", whole(checkResult)], ["V12", checkReceipt], ["V13", whole(checkPabulib)],
];
