"use strict";
// The Method of Equal Shares (Peters, Pierczyński, Skowron 2021), one purse for each pile of equal ballots, in exact fractions: all purses
// are whole numbers over one common denominator, which grows when a price needs it.

const equalShares = async (rule, field, heard) => {
  const standing = field.projects.filter((one) => one.votes >= BigInt(Math.max(rule.min_votes ?? 1, 1)));
  const voters = field.valid + (rule.blank_ballots_hold_a_share ? field.blank : 0n);
  const market = { rule, field, standing };
  const run = await completed(market, rule.completion, voters > 0n ? voters : 1n, heard);
  if (run.unparted.length) return { selected: [], needsDraw: run.unparted };
  return rule.then === "greedy" ? filledUp(market, run) : { selected: run.bought, needsDraw: [] };
};

// Runs with a larger and larger share, each by `step` cents, until the completion says which is the last that counts.
const completed = async (market, completion, voters, heard) => {
  const { envelope } = market.field;
  const step = BigInt(market.rule.step_cents);
  // Shares are told in cents over the number of voters: the first is the envelope, each step adds `step` for every voter.
  let steps = 0n;
  let run = runAt(market, envelope, voters);
  for (let runs = 1; !run.unparted.length && completion !== "none" && !enough(market, completion, run); runs++) {
    await heard(runs);
    steps += run.bought.length ? 1n : stepsToFirst(market, envelope + steps * step * voters, step, voters);
    const next = runAt(market, envelope + steps * step * voters, voters);
    if (next.spent > envelope) return { ...run, unparted: next.unparted };
    run = next;
  }
  return run;
};

const enough = (market, completion, run) => {
  const waiting = market.standing.filter((one) => !run.bought.includes(one) && !run.carriers.full(one) && one.piles.length);
  if (completion === "add1_until_exhaustive") return waiting.every((one) => one.cost > market.field.envelope - run.spent);
  return waiting.length === 0;
};

// While nothing at all can be bought, the steps until the first project can: its supporters together hold its cost.
const stepsToFirst = (market, share, step, voters) => {
  const each = market.standing.map((one) => up(one.cost * voters - share * one.votes, step * voters * one.votes));
  const least = each.reduce((one, other) => (other < one ? other : one));
  return least > 1n ? least : 1n;
};
const up = (above, below) => (above <= 0n ? 0n : (above + below - 1n) / below);

// One run: buy at the lowest rate until nobody can, or until more than the envelope is spent. `share` is in cents over `voters`.
const runAt = (market, share, voters) => {
  const { rule, field, standing } = market;
  const purses = { of: field.piles.map(() => share), common: voters };
  const run = { bought: [], spent: 0n, unparted: [], carriers: new Carriers(rule.max_per_carrier) };
  // The last known price of each project. Purses only shrink, so prices only rise: a known one is a bound from below.
  const known = new Map(standing.map((one) => [one, { need: 0n, rich: 1n, fresh: false }]));
  while (run.spent <= field.envelope) {
    for (const one of known.keys()) if (run.carriers.full(one)) known.delete(one);
    const equal = cheapest(rule, known, purses);
    if (!equal.length) break;
    const groups = arranged(equal, rule.tie_break, field.lot);
    const first = groups[0][0];
    if (groups[0].length > 1 && !commute(groups[0], run) && !run.unparted.length) run.unparted = groups[0];
    pay(first, known.get(first), purses);
    known.delete(first);
    known.forEach((price) => (price.fresh = false));
    run.bought.push(first);
    run.spent += first.cost;
    run.carriers.give(first);
  }
  return run;
};

// All projects with the lowest rate: the price divided by what the project is worth to a voter, its cost or 1.
const cheapest = (rule, known, purses) => {
  const worth = (one) => (rule.utility === "cost" && one.cost > 0n ? one.cost : 1n);
  const compare = ([one, a], [other, b]) => bySize(a.need * b.rich * worth(other), b.need * a.rich * worth(one));
  for (;;) {
    if (!known.size) return [];
    const equal = lowest([...known], compare);
    const stale = equal.filter(([, price]) => !price.fresh);
    if (!stale.length) return equal.map(([one]) => one);
    for (const [one] of stale) {
      const price = priceOf(one, purses);
      if (price) known.set(one, price);
      else known.delete(one);
    }
  }
};

const lowest = (items, compare) => {
  let least = [];
  for (const item of items) {
    const side = least.length ? compare(item, least[0]) : 0;
    if (side < 0) least = [item];
    else if (side === 0) least.push(item);
  }
  return least;
};

// What each supporter pays, those who have less giving all they have: need / rich, in cents. Null if they cannot pay the cost together.
// `need` is free of the common denominator, so that prices worked out at different times can be compared: { need, rich } is a fraction.
const priceOf = (one, purses) => {
  if (one.cost === 0n) return { need: 0n, rich: 1n, fresh: true };
  const cost = one.cost * purses.common;
  const piles = one.piles.map(({ many, index }) => ({ many, purse: purses.of[index] })).filter(({ purse }) => purse > 0n);
  piles.sort((a, b) => bySize(a.purse, b.purse));
  let [rest, rich] = [cost, piles.reduce((sum, { many }) => sum + many, 0n)];
  for (const { many, purse } of piles) {
    if (purse * rich >= rest) return { need: rest, rich: rich * purses.common, fresh: true };
    rest -= purse * many;
    rich -= many;
  }
  return null;
};

const pay = (one, price, purses) => {
  if (one.cost === 0n) return;
  // The price over the common denominator, after making that as fine as the price.
  const above = price.need * purses.common;
  const finer = price.rich / gcd(above, price.rich);
  if (finer > 1n) {
    purses.of = purses.of.map((purse) => purse * finer);
    purses.common *= finer;
  }
  const each = (above * finer) / price.rich;
  for (const { index } of one.piles) purses.of[index] = purses.of[index] > each ? purses.of[index] - each : 0n;
};

const gcd = (one, other) => {
  while (other) [one, other] = [other, one % other];
  return one;
};

// Whether equal projects are all bought whichever comes first: no voter in common, and room for all of them.
const commute = (group, run) => {
  const paying = group.filter((one) => one.cost > 0n).flatMap((one) => one.piles.map(({ index }) => index));
  return new Set(paying).size === paying.length && run.carriers.roomForAll(group);
};

// What is left goes to the projects with most votes that still fit.
const filledUp = ({ rule, field, standing }, run) => {
  const [selected, carriers] = [[...run.bought], run.carriers];
  let left = field.envelope - run.spent;
  const fits = (one) => one.cost <= left && !carriers.full(one);
  for (const equal of runsOf(standing.filter((one) => !run.bought.includes(one)), CRITERIA.votes)) {
    for (const group of arranged(equal, rule.tie_break, field.lot)) {
      const fitting = group.filter(fits);
      if (fitting.length > 1 && (sumOf(fitting) > left || !carriers.roomForAll(fitting))) return { selected: [], needsDraw: fitting };
      for (const one of group) {
        if (!fits(one)) continue;
        selected.push(one);
        left -= one.cost;
        carriers.give(one);
      }
    }
  }
  return { selected, needsDraw: [] };
};
