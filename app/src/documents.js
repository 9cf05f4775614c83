// What forms gain where scripts run. Each works without.

// Sent once, and not into the void.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    const message = form.querySelector(".form-message");
    if (form.ariaBusy === "true") event.preventDefault();
    else if (navigator.onLine) form.ariaBusy = "true";
    else if (message) {
      event.preventDefault();
      const text = document.createElement("p");
      text.textContent = "You are offline. What you typed is still here: send it when the connection is back.";
      message.replaceChildren(text);
    }
  });
}
// Back from the next page, everything can be sent again.
addEventListener("pageshow", () => [...document.forms].forEach((form) => (form.ariaBusy = null)));

// Whoever has to log in has no use for the token of the last session.
if (location.pathname === "/log-in") sessionStorage.clear();

// A code that is complete needs no button.
const code = document.querySelector("[autocomplete=one-time-code]");
code?.addEventListener("input", () => {
  if (code.value.replace(/\D/g, "").length !== 6) return;
  const password = code.form.querySelector("[type=password]");
  if (password) password.focus();
  else code.form.requestSubmit();
});

// Another mail can be had after a while: counted from when this page was first seen, or the last mail asked for.
const again = document.querySelector("[data-wait]");
if (again) {
  const key = `docket.mailed.${again.elements.flow.value}`;
  const mailed = Number((sessionStorage[key] ??= Date.now()));
  const button = again.querySelector("button");
  const label = button.textContent;
  const count = () => {
    const left = Math.ceil((mailed - Date.now()) / 1000) + Number(again.dataset.wait);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${label} in ${left} s` : label;
    if (left > 0) setTimeout(count, 1000);
  };
  again.addEventListener("submit", () => sessionStorage.removeItem(key));
  count();
}

// What is wrong with a password is told when typing pauses: not when it ends, or the button would move away from the pointer
// that is about to press it. The list of common passwords stays on the server.
const chosen = document.querySelector("form[action$='/sign_up'] [type=password]");
let pause;
chosen?.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(advise, 400);
});
async function advise() {
  const typed = chosen.value;
  const body = new URLSearchParams(new FormData(chosen.form));
  const answer = await fetch(chosen.form.action.replace("sign_up", "advise"), { method: "POST", headers: { accept: "application/json" }, body }).catch(() => null);
  const advice = answer?.ok ? {} : await answer?.json().catch(() => null);
  if (!advice || chosen.value !== typed || chosen.form.ariaBusy === "true") return;
  const { password = "" } = advice.fields ?? {};
  document.getElementById("password-error").textContent = password;
  chosen.ariaInvalid = password ? "true" : null;
  chosen.setAttribute("aria-describedby", password ? "password-error" : "password-hint");
}

// The keys that lead somewhere, by the table in their sheet: unless they are switched off on this device, or something is typed.
const sheet = document.getElementById("keys");
if (sheet) {
  document.documentElement.dataset.keys = "";
  const works = document.getElementById("keys-work");
  const read = () => (works.checked = localStorage["docket.keys"] !== "off");
  works.addEventListener("change", () => (localStorage["docket.keys"] = works.checked ? "on" : "off"));
  const table = [...sheet.querySelectorAll("[data-key]")].map(({ dataset }) => [dataset.key, dataset.leadsTo]);
  const leadsTo = new Map(table);
  let before = "";
  addEventListener("keydown", (event) => {
    const { key, altKey, ctrlKey, metaKey, repeat, target } = event;
    const pressed = before + (ctrlKey || metaKey ? "Ctrl+" : "") + (altKey ? "Alt+" : "") + key;
    before = "";
    if (repeat || target.closest(":is(input, textarea, select):not(dialog:not([open]) *), dialog[open]") || !read()) return;
    if (pressed === "g") before = "g ";
    const to = leadsTo.get(pressed);
    if (!to) return;
    event.preventDefault();
    if (to.startsWith("#")) sheet.showModal();
    else location.assign(to);
  });
  addEventListener("click", (event) => {
    if (!event.target.closest("[data-opens=keys]")) return;
    read();
    sheet.showModal();
  });
}
