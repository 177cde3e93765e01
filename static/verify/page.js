"use strict";
// The page around the checks: the files that are chosen, the language, the report. Nothing is fetched and nothing is sent.

(() => {
  const find = (id) => document.getElementById(id);
  let language = LANGUAGES[0];
  let report = null;

  const speak = (chosen) => {
    language = chosen;
    document.documentElement.lang = chosen;
    document.title = document.querySelector(`h1 [lang="${chosen}"]`).textContent;
    for (const part of document.querySelectorAll("main [lang]")) part.hidden = part.lang !== chosen;
    for (const button of document.querySelectorAll("[data-speak]")) button.setAttribute("aria-pressed", String(button.dataset.speak === chosen));
    if (report) show(report);
  };

  const made = (name, text, kind = "") => Object.assign(document.createElement(name), { textContent: text, className: kind });
  const stateOf = (check) => (check.holds === null ? "open" : check.holds ? "holds" : "fails");

  const show = ({ checks }) => {
    const those = (state) => checks.filter((check) => stateOf(check) === state).map((check) => check.id);
    // Whoever gives no receipt misses nothing by it.
    const [failed, open] = [those("fails"), those("open").filter((id) => id !== "V12")];
    const receipt = failed.length === 1 && failed[0] === "V12";
    find("verdict").textContent = say(receipt ? "receipt_fails" : failed.length ? "some_fail" : "all_hold", { checks: listed(failed) })[language];
    find("report").className = failed.length ? "fails" : open.length ? "open" : "holds";
    find("verdict-more").textContent = open.length ? say("some_open", { checks: listed(open) })[language] : "";
    find("verdict-more").hidden = !open.length;
    find("checks").replaceChildren(...checks.map(shownCheck));
    find("report").hidden = false;
  };

  const shownCheck = (check) => {
    const item = made("li", "", stateOf(check));
    const title = made("h3", "");
    title.append(made("span", check.id, "id"), ` ${check.title[language]}`);
    const told = document.createElement("ul");
    told.append(...check.sentences.map((sentence) => made("li", sentence[language])));
    item.append(made("p", say(stateOf(check))[language], "state"), title, told);
    return item;
  };

  // Lets the browser draw what has been done before going on, ten times a second.
  let drawn = 0;
  const heard = async (sentence, part) => {
    if (performance.now() - drawn < 100) return;
    find("progress").value = part;
    find("doing").textContent = sentence[language];
    await new Promise((go) => setTimeout(go));
    drawn = performance.now();
  };

  const check = async () => {
    report = null;
    find("report").hidden = true;
    find("under-way").hidden = false;
    find("status").textContent = say("under_way")[language];
    try {
      if (!globalThis.sealing) throw Object.assign(new Error(), { says: say("no_sealing") });
      const [file, receipt] = [find("bundle").files[0], find("receipt").files[0]];
      const text = receipt ? await receipt.text() : find("code").value.trim();
      report = await verifyBundle(new Uint8Array(await file.arrayBuffer()), text, heard);
      show(report);
      find("status").textContent = say("done")[language];
      find("report").focus();
    } catch (fault) {
      const reason = fault.says ?? inEach(() => fault.message);
      find("status").textContent = (globalThis.sealing ? say("unreadable_bundle", { reason }) : reason)[language];
    }
    find("under-way").hidden = true;
  };

  find("ask").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = find("ask").querySelector("button");
    button.disabled = true;
    await check();
    button.disabled = false;
  });
  for (const button of document.querySelectorAll("[data-speak]")) button.addEventListener("click", () => speak(button.dataset.speak));
  for (const id of ["back", "download"]) find(id).hidden = !location.protocol.startsWith("http");
  // The language that the link here asks for (easy French is French), else what the browser wishes.
  const wished = [new URLSearchParams(location.search).get("lang") ?? "", ...navigator.languages];
  speak(wished.map((one) => one.toLowerCase().split(/[-@]/)[0]).find((one) => LANGUAGES.includes(one)) ?? LANGUAGES[0]);
})();
