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
      const price = read(step.price);
      const short = less(left, price);
      const paid = short ? left : price;
      const text = left[0] === 0n ? words.empty : short ? words.last : words.paid;
      left = minus(left, paid);
      lines.push(fill(text, { round: at + 1, project, paid: money(cents(paid)) }));
    });
    const won = new Set(result.selected);
    for (const id of chosen) {
      if (!told.has(id)) lines.push(fill(won.has(id) ? words.won : words.lost, { project: names.get(id) }));
    }
    if (share !== null) lines.push(fill(words.left, { share: money(cents(share)), left: money(cents(left)) }));
    lines.unshift(fill(words.count, { won: [...chosen].filter((id) => won.has(id)).length, named: chosen.size }));
    return lines;
  };
  const show = (result) => {
    const names = new Map(result.projects.map((one) => [one.id, one.name]));
    const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: result.currency });
    const boxes = [...part.querySelectorAll("input")];
    const tell = () => {
      const chosen = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      const lines = chosen.size ? said(result, (amount) => format.format(amount / 100), names, chosen) : [];
      list.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    };
    part.addEventListener("change", tell);
    tell();
  };
  // The whole published file, the same for everybody, is asked for when the list is opened, before anything is ticked.
  part.hidden = false;
  part.querySelector("details").addEventListener("toggle", () => {
    fetch(part.dataset.result).then((answer) => answer.json()).then(show).catch(() => {});
  }, { once: true });
})();
