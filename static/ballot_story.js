// What the reader's own ballot paid for, worked out here from the published steps: no choice ever leaves the page.
(() => {
  "use strict";
  const part = document.getElementById("own-ballot");
  if (!part) return;
  const list = document.getElementById("own-lines");
  // Exact fractions, as the published file has them: "p/q" of a cent.
  const read = (text) => {
    const [top, bottom = "1"] = text.split("/");
    return [BigInt(top), BigInt(bottom)];
  };
  const less = (a, b) => a[0] * b[1] < b[0] * a[1];
  const minus = (a, b) => [a[0] * b[1] - b[0] * a[1], a[1] * b[1]];
  const cents = (a) => Number(a[0] / a[1]); // rounded down
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  // How many points each project has from this ballot: one for a tick, else what was typed, or what its place is worth.
  const worths = (fields) => {
    const given = fields.filter((field) => (field.type === "checkbox" ? field.checked : Number(field.value) > 0 && field.validity.valid));
    const places = part.dataset.places ? part.dataset.places.split(" ").map(Number) : null;
    const worth = (field) => {
      if (field.type === "checkbox") return 1;
      const number = Math.trunc(Number(field.value));
      if (part.dataset.how !== "place") return number;
      return places ? places[number - 1] ?? 0 : Math.max(given.length - number, 0);
    };
    return new Map(given.map((field) => [field.dataset.project, worth(field)]));
  };
  const said = (result, money, names, chosen) => {
    const lines = [];
    const words = list.dataset;
    const taken = result.steps.filter((step) => ["bought", "partial", "reserve"].includes(step.action));
    let left = result.share === null || result.needs_draw.length ? null : read(result.share);
    const share = left;
    const told = new Set();
    taken.forEach((step, at) => {
      const project = names.get(step.project);
      if (!chosen.has(step.project)) return;
      told.add(step.project);
      if (left === null || step.price === null) {
        lines.push(fill(words.won, { project }));
        return;
      }
      const [each, parts] = read(step.price);
      const price = [each * BigInt(chosen.get(step.project)), parts];
      const short = less(left, price);
      const paid = short ? left : price;
      if (price[0] === 0n) {
        lines.push(fill(words.won, { project }));
        return;
      }
      const text = left[0] === 0n ? words.empty : short ? words.last : words.paid;
      left = minus(left, paid);
      lines.push(fill(text, { round: at + 1, project, paid: money(cents(paid)) }));
    });
    const won = new Set(result.selected);
    for (const id of chosen.keys()) {
      if (!told.has(id)) lines.push(fill(won.has(id) ? words.won : words.lost, { project: names.get(id) }));
    }
    if (share !== null) lines.push(fill(words.left, { share: money(cents(share)), left: money(cents(left)) }));
    lines.unshift(fill(words.count, { won: [...chosen.keys()].filter((id) => won.has(id)).length, named: chosen.size }));
    return lines;
  };
  const show = (result) => {
    const names = new Map(result.projects.map((one) => [one.id, one.name]));
    const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: result.currency });
    const fields = [...part.querySelectorAll("[data-project]")];
    const tell = () => {
      const chosen = worths(fields);
      const lines = chosen.size ? said(result, (amount) => format.format(amount / 100), names, chosen) : [];
      list.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    };
    part.addEventListener("change", tell);
    tell();
  };
  // The whole published file, the same for everybody, is asked for when the list is opened, before anything is ticked.
  part.hidden = false;
  // Without network the page says so, and opening the list again asks again.
  const fold = part.querySelector("details");
  const told = document.getElementById("status");
  const ask = () => fetch(part.dataset.result).then((answer) => answer.json()).then(show).catch(() => {
    if (told) told.textContent = told.dataset.offline;
    fold.addEventListener("toggle", ask, { once: true });
  });
  fold.addEventListener("toggle", ask, { once: true });
})();
