// Niceties of the booth: it works without this file.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  // What changed is told in the one live region; the words stand on the page as well.
  const tell = (words) => {
    if (!words) return;
    find("status").classList.add("visually-hidden");
    find("status").textContent = words;
  };
  // The ballot stays in this tab for whoever goes back or reloads, until the receipt is there.
  const keep = () => sessionStorage.setItem("ballot", JSON.stringify([location.pathname, [...new FormData(find("ballot"))]]));
  const recall = () => {
    const [path, fields] = JSON.parse(sessionStorage.getItem("ballot") ?? "[]");
    const form = find("ballot");
    if (path !== location.pathname || !form || form.querySelector("[name=choice]")) return;
    if (form.querySelector("[name=fields]")) {
      for (const [name, value] of fields) for (const one of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (one.type === "radio") one.checked = one.value === value;
        else if (name.startsWith("mark-") || name === "seed") one.value = value;
      }
      form.querySelector(".grid").dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    form.querySelectorAll("[name=seed], [name=order]").forEach((old) => old.remove());
    for (const [name, value] of fields) if (name !== "lang") form.prepend(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    form.requestSubmit();
  };
  document.addEventListener("htmx:after:swap", () => {
    if (!find("booth")) return;
    tell(find("booth").dataset.said);
    keep();
  });
  document.addEventListener("htmx:error", () => find("status").classList.remove("visually-hidden"));
  // The frame beside the ballot hands over the voting key, and nothing else passes between the two.
  addEventListener("message", (event) => {
    const field = find("f-credential");
    if (event.origin !== location.origin || event.data?.quotepart !== "credential" || !field) return;
    field.value = String(event.data.credential).slice(0, 200);
    tell(field.dataset.filled);
    event.source.postMessage({ quotepart: "received" }, location.origin);
  });
  document.addEventListener("submit", (event) => {
    if (!["send", "replace"].includes(event.target.id)) return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => { for (const id of ["send", "replace"]) delete find(id)?.dataset.sent; });
  if (document.querySelector(".receipt")) sessionStorage.removeItem("ballot");
  else recall();
})();
