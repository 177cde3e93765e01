"use strict";
// What stands on a ballot: its entries. Where a choice is all there is to say an entry is the project; on other ballots it is
// “project:mark”, the mark a whole number: points, a place, a grade (0 the worst), 1 for and -1 against, 2 with a star.

const PLAIN = ["approval", "knapsack"];
const MARKED = ["points", "ranking", "grades", "for_against", "star"];
const knownStyle = (style) => [...PLAIN, ...MARKED].includes(style.kind);
const isPlain = (style) => !MARKED.includes(style.kind);

// The project that an entry names, whatever it says of it.
const namedIn = (entry, style) => (isPlain(style) ? entry : entry.slice(0, Math.max(entry.lastIndexOf(":"), 0)));

// The marks that entries write: Map from project to mark; null where they are not written in the one way.
const marksIn = (entries, style) => {
  if (isPlain(style)) return new Set(entries).size < entries.length ? null : new Map(entries.map((id) => [id, 1]));
  const marks = new Map();
  for (const entry of entries) {
    const [id, mark] = [namedIn(entry, style), entry.slice(entry.lastIndexOf(":") + 1)];
    const wrong = !id || marks.has(id) || !/^(0|-?[1-9][0-9]{0,5})$/.test(mark) || (style.kind === "points" && mark === "0");
    if (wrong) return null;
    marks.set(id, Number(mark));
  }
  return marks;
};

const over = (number, limit) => (limit ?? null) !== null && number > limit;
const BREAKS = {
  points: (marks, { total, all_of_them, min_projects, max_per_project }) => {
    const given = marks.reduce((sum, mark) => sum + mark, 0);
    const one = marks.some((mark) => mark < 0 || over(mark, max_per_project));
    return one || given > total || (all_of_them && given < total) || marks.length < min_projects;
  },
  ranking: (marks, { min_places, max_places }) => {
    const places = [...marks].sort((one, other) => one - other);
    return marks.length < min_places || over(marks.length, max_places) || places.some((place, at) => place !== at + 1);
  },
  grades: (marks, { grades }) => marks.some((mark) => mark < 0 || mark >= grades.length),
  for_against: (marks, { max_for, max_against }) => {
    const chosen = marks.filter((mark) => mark === 1).length;
    return marks.some((mark) => mark !== 1 && mark !== -1) || over(chosen, max_for) || over(marks.length - chosen, max_against);
  },
  star: (marks, { stars }) => marks.some((mark) => mark !== 1 && mark !== 2) || marks.filter((mark) => mark === 2).length > stars,
};

// Whether projects that are chosen break an approval or a knapsack form: too few, too many, too much money.
const breaksChoice = (ids, style, { costs, envelope_cents }) => {
  const cost = ids.reduce((sum, id) => sum + costs.get(id), 0n);
  const most = style.kind === "knapsack" ? (style.budget === "envelope" ? envelope_cents : style.budget) : style.max_total_cents;
  return ids.length < style.min_choices || over(ids.length, style.max_choices) || ((most ?? null) !== null && cost > BigInt(most));
};

// Why entries make a ballot invalid by the frozen form: "unknown", "form", or "" where it counts. Only forms of `knownStyle` are judged.
const faultOf = (entries, definition) => {
  const { costs, style } = definition;
  if (entries.some((entry) => !costs.has(namedIn(entry, style)))) return "unknown";
  if (!entries.length) return "";
  const marks = marksIn(entries, style);
  if (!marks) return "form";
  const [ids, given] = [[...marks.keys()], [...marks.values()]];
  if (isPlain(style)) return breaksChoice(ids, style, definition) ? "form" : "";
  return BREAKS[style.kind](given, style) || (style.kind === "star" && breaksChoice(ids, style.choice, definition)) ? "form" : "";
};

// Whether a mark supports its project: not a vote against it, not 0 points.
const supports = (mark, style) => mark > 0 || ["ranking", "grades"].includes(style.kind);

// The marks of a pile: its entries joined by "\n", "" for a blank ballot.
const marksOf = (pile, style) => [...((pile && marksIn(pile.split("\n"), style)) || [])];
