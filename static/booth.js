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
    for (const [name, value] of fields) if (name !== "lang") form.prepend(...inputs([[name, value]]));
    form.requestSubmit();
  };
  document.addEventListener("htmx:after:swap", () => {
    if (!find("booth")) return;
    tell(find("booth").dataset.said);
    keep();
  });
  document.addEventListener("htmx:error", () => find("status").classList.remove("visually-hidden"));
  // Pressed while an answer is on its way, a button would send the ballot as it was before that answer: it waits for its turn instead.
  let asking = null;
  const waiting = [];
  const press = () => {
    while (!asking && waiting.length) document.querySelector(waiting.shift())?.click();
  };
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (!form.closest("#booth")) return;
    if (asking?.isConnected) {
      const named = submitter?.name && `[name="${CSS.escape(submitter.name)}"][value="${CSS.escape(submitter.value)}"]`;
      waiting.push(`#booth form[action="${CSS.escape(form.getAttribute("action"))}"] [type=submit]${named || ":not([name])"}`);
      event.preventDefault();
      event.stopImmediatePropagation();
    } else asking = form.hasAttribute("hx-post") ? form : null;
  }, true);
  document.addEventListener("htmx:error", () => { waiting.length = 0; });
  for (const end of ["htmx:after:swap", "htmx:finally:request"]) document.addEventListener(end, (event) => {
    if (asking?.isConnected && (event.target !== asking || end === "htmx:after:swap")) return;
    asking = null;
    press();
  });
  // The frame beside the ballot hands over the voting key, and nothing else passes between the two.
  addEventListener("message", (event) => {
    const field = find("f-credential");
    if (event.origin !== location.origin || event.data?.quotepart !== "credential" || !field) return;
    field.value = String(event.data.credential).slice(0, 200);
    tell(field.dataset.filled);
    event.source.postMessage({ quotepart: "received" }, location.origin);
  });
  // A ballot that was sealed here comes back without its choices if it is refused: this tab keeps them, with their seed, as they stand here.
  const inputs = (fields) => fields.map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  const setAside = () => {
    const fields = [...new FormData(find("change"))].filter(([name]) => ["choice", "seed"].includes(name));
    sessionStorage.setItem("review", JSON.stringify([location.pathname.split("/")[2], find("mine").innerHTML, fields]));
  };
  const bringBack = () => {
    const [slug, lines, fields] = JSON.parse(sessionStorage.getItem("review") ?? "[]");
    if (!slug || slug !== find("mine")?.dataset.keptFor) return;
    find("mine").replaceChildren(...new DOMParser().parseFromString(lines, "text/html").body.childNodes);
    for (const form of ["change", "send", "replace"].map(find).filter(Boolean)) {
      form.querySelectorAll("[name=choice], [name=seed]").forEach((old) => old.remove());
      form.prepend(...inputs(fields));
    }
  };
  document.addEventListener("submit", (event) => {
    if (!["send", "replace"].includes(event.target.id)) return;
    if (event.target.dataset.sent) return event.preventDefault();
    event.target.dataset.sent = "yes";
    setAside();
  });
  addEventListener("pageshow", () => { for (const id of ["send", "replace"]) delete find(id)?.dataset.sent; });
  if (document.querySelector(".receipt")) ["ballot", "review"].forEach((name) => sessionStorage.removeItem(name));
  else find("mine") ? bringBack() : recall();
})();
