// Identification page: hands the voting key to the ballot around it, copies it on demand, and reads a letter's code
// from after "#" (which no server sees). All of it can be done by hand instead.
(() => {
  const key = document.querySelector("#credential");
  if (key) {
    if (parent !== window) {
      addEventListener("message", (event) => {
        if (event.origin !== location.origin || event.source !== parent || event.data?.quotepart !== "received") return;
        document.querySelector("#handed").hidden = false;
        document.querySelector("#by-hand").hidden = document.querySelector("#ahead").hidden = true;
      });
      parent.postMessage({ quotepart: "credential", credential: key.dataset.key }, location.origin);
    }
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn primary", textContent: key.dataset.copy });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(key.dataset.key);
      button.textContent = key.dataset.copied;
    });
    if (navigator.clipboard) key.parentElement.after(button);
  }
  const code = document.querySelector("#f-printed");
  if (code && location.hash.length > 12) {
    code.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname + location.search);
    document.querySelector("#by-code").open = true;
    document.querySelector("#by-mail").open = false;
    code.focus();
  }
})();
