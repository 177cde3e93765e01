// Niceties only: every page works without this file.
(() => {
  "use strict";

  // After a refused form the list of problems gets the focus, so that a screen reader starts there.
  const focusSummary = () => document.querySelector(".error-summary")?.focus();

  // "(23 / 120)" after the limit said under a text; the server checks it.
  const count = (control) => {
    const words = document.getElementById(control.id + "-count");
    if (!words) return;
    const max = Number(control.dataset.max);
    const used = [...control.value].length;
    words.lastElementChild.textContent = `(${used} / ${max})`;
    words.classList.toggle("over", used > max);
  };

  const prepare = (root) => {
    root.querySelectorAll("[data-max]").forEach(count);
    root.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
  };

  const closeMenus = (except) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });

  // Whoever is writing a long text is there: say so now and then, before the session ends for want of a sign.
  let told = Date.now();
  const stay = (form) => {
    if (!form?.dataset.stay || Date.now() - told < 300000) return;
    told = Date.now();
    fetch(form.dataset.stay, { method: "POST" }).catch(() => {});
  };

  document.addEventListener("input", (event) => {
    if (event.target.dataset?.max) count(event.target);
    stay(event.target.form);
  });
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  document.addEventListener("htmx:after:swap", (event) => {
    prepare(document);
    if (event.target.querySelector?.(".error-summary") || event.target.matches?.(".error-summary")) focusSummary();
  });
  const tell = (word) => {
    const status = document.getElementById("status");
    if (status) status.textContent = status.dataset[word] ?? "";
  };
  document.addEventListener("htmx:before:request", () => tell("nothing"));
  // A request that never reached the server is told in the one live region of the page.
  document.addEventListener("htmx:error", (event) => { if (event.detail?.ctx) tell("offline"); });

  prepare(document);
  focusSummary();
})();
