"use strict";
// The count, from the published rules alone and in exact whole numbers (BigInt): greedy, and what all rules share. Equal Shares: shares.js.
//
// An election: { projects: [{ id, cost, carrier, filed }], style, ballots: Map from entries joined by "\n" to a number of ballots, envelope,
// draw: null | { kind: "order", value: [ids] } | { kind: "seed", value: text } }. Amounts are BigInt cents.

// What cannot be counted here is said, and never guessed.
const countable = (rule, style = { kind: "approval" }) => {
  const utilities = isPlain(style) ? ["votes", "votes_per_cost"] : ["votes", "points"];
  const greedy = rule.kind === "greedy" && utilities.includes(rule.utility) && !(rule.min_points ?? 0) && !rule.scale?.grades;
  const shares = rule.kind === "equal_shares" && isPlain(style) && ["cost", "cardinality"].includes(rule.utility);
  return (greedy || shares) && !(rule.limits ?? []).length;
};

// What a mark is worth to its project where points are counted: itself, but for places and, if the scale says so, votes against.
const worthOf = (mark, named, { kind }, scale) => {
  if (kind === "ranking") return Math.max(Array.isArray(scale?.ranking) ? scale.ranking[mark - 1] ?? 0 : named - mark, 0);
  return kind === "for_against" && scale?.against === "nothing" ? Math.max(mark, 0) : mark;
};

// { selected: ids in order of purchase, needsDraw: ids that only a draw can part, valid, blank }
// `heard(run)` is told how many times Equal Shares was run so far, and may give the page time to breathe.
const recount = async (rule, election, heard = () => {}) => {
  const field = fieldOf(election, rule.scale);
  const { selected, needsDraw } = rule.kind === "greedy" ? greedy(rule, field) : await equalShares(rule, field, heard);
  return { selected: selected.map((one) => one.id), needsDraw: needsDraw.map((one) => one.id), valid: field.valid, blank: field.blank };
};

// The projects with their votes, the piles of equal ballots with their projects.
const fieldOf = ({ projects, style = { kind: "approval" }, ballots, envelope, draw }, scale) => {
  const field = projects.map((project) => ({ ...project, votes: 0n, points: 0n, piles: [] }));
  const named = new Map(field.map((one) => [one.id, one]));
  let [valid, blank] = [0n, 0n];
  const piles = [];
  for (const [choices, number] of ballots) {
    const many = BigInt(number);
    if (choices === "") {
      blank += many;
      continue;
    }
    valid += many;
    const pile = { many, index: piles.length };
    piles.push(pile);
    const marks = marksOf(choices, style);
    for (const [id, mark] of marks) {
      named.get(id).points += many * BigInt(worthOf(mark, marks.length, style, scale));
      if (!supports(mark, style)) continue;
      named.get(id).votes += many;
      named.get(id).piles.push(pile);
    }
  }
  return { projects: field, piles, valid, blank, envelope, lot: lotsOf(draw) };
};

// The place of a project in the public draw, or null while there is none: a list of ids, or a seed with which each id is hashed.
const lotsOf = (draw) => {
  if (draw?.kind === "seed" && draw.value) return (id) => toHex(sha256(utf8(`${draw.value}|${id}`)));
  if (draw?.kind !== "order") return () => null;
  const place = new Map(draw.value.map((id, at) => [id, String(at).padStart(12, "0")]));
  return (id) => place.get(id) ?? null;
};

const bySize = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
const NOT_FILED = 2 ** 53;
const CRITERIA = {
  cheaper: (one, other) => bySize(one.cost, other.cost),
  votes: (one, other) => bySize(other.votes, one.votes),
  older: (one, other) => bySize(one.filed ?? NOT_FILED, other.filed ?? NOT_FILED),
  id: (one, other) => byCodePoints(one.id, other.id),
};

// Equal projects in the order in which they fall: groups, of which those with more than one member nothing could part (yet).
const arranged = (equal, criteria, lot) => {
  const sorted = [...equal].sort(CRITERIA.id);
  if (sorted.length === 1 || !criteria.length) return [sorted];
  const [first, ...rest] = criteria;
  if (first === "draw" && sorted.some((one) => lot(one.id) === null)) return [sorted];
  const compare = first === "draw" ? (one, other) => bySize(lot(one.id), lot(other.id)) : CRITERIA[first];
  return runsOf(sorted, compare).flatMap((group) => arranged(group, rest, lot));
};

// Sorted, and cut where something changes.
const runsOf = (items, compare) => {
  const runs = [];
  for (const item of [...items].sort(compare)) {
    const last = runs[runs.length - 1];
    if (last && compare(last[0], item) === 0) last.push(item);
    else runs.push([item]);
  }
  return runs;
};

// How many awards each carrier has had; null is no limit.
class Carriers {
  constructor(most) {
    this.most = most ?? null;
    this.had = new Map();
  }
  full(project) {
    return this.most !== null && Boolean(project.carrier) && (this.had.get(project.carrier) ?? 0) >= this.most;
  }
  give(project) {
    if (project.carrier) this.had.set(project.carrier, (this.had.get(project.carrier) ?? 0) + 1);
  }
  roomForAll(projects) {
    const then = new Carriers(this.most);
    then.had = new Map(this.had);
    return projects.every((one) => !then.full(one) && (then.give(one), true));
  }
}

const sumOf = (projects) => projects.reduce((sum, one) => sum + one.cost, 0n);

// Projects in the order of their score; equal ones meet together, so that their tie is parted before any of them is taken.
const greedy = (rule, field) => {
  // By points, what more points speak against than for has no part in it.
  const enough = (one) => one.votes >= BigInt(rule.min_votes ?? 1) && (rule.utility !== "points" || one.points >= 0n);
  const standing = field.projects.filter(enough);
  const score = { votes: CRITERIA.votes, points: (one, other) => bySize(other.points, one.points) }[rule.utility] ?? byVotesForMoney;
  const state = {
    left: field.envelope, places: rule.winners ?? field.projects.length, ended: false, stop: rule.on_miss === "stop",
    carriers: new Carriers(rule.max_per_carrier), selected: [],
  };
  for (const equal of runsOf(standing, score)) {
    for (const group of arranged(equal, rule.tie_break, field.lot)) {
      if (group.length > 1 && matters(group, state)) return { selected: state.selected, needsDraw: group };
      for (const one of group) turn(one, state);
    }
  }
  return { selected: state.selected, needsDraw: [] };
};

// Most votes for each cent first. What costs nothing has endlessly many, unless it has no vote at all.
const byVotesForMoney = (one, other) => {
  const [first, second] = [one, other].map(({ votes, cost }) => (cost > 0n ? 1 : votes > 0n ? 0 : 2));
  if (first === 1 && second === 1) return bySize(other.votes * one.cost, one.votes * other.cost);
  const level = (kind, votes) => (kind === 0 ? -1 : votes === 0n ? 1 : 0);
  return level(first, one.votes) - level(second, other.votes);
};

const turn = (one, state) => {
  if (state.ended || state.carriers.full(one)) return;
  if (one.cost > state.left) {
    state.ended = state.stop;
    return;
  }
  state.left -= one.cost;
  state.places -= 1;
  state.carriers.give(one);
  state.selected.push(one);
  state.ended = state.places === 0;
};

// Whether the order of equal projects changes who wins: not if all that could win alone win together, or none could.
const matters = (group, state) => {
  const asking = group.filter((one) => !state.carriers.full(one));
  const fitting = asking.filter((one) => one.cost <= state.left);
  if (state.ended || !fitting.length) return false;
  const together = state.stop ? asking : fitting;
  return sumOf(together) > state.left || together.length > state.places || !state.carriers.roomForAll(together);
};
