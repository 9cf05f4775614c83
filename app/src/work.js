// The keyboard is never left nowhere: where what it was on has gone, and nothing else has taken it, it goes to what stands
// in that place now, or else to the page.
let was = {};
addEventListener("focusin", ({ target }) => {
  const row = target.closest(".rows > li");
  was = { target, rows: row?.parentElement, index: row && [...row.parentElement.children].indexOf(row) };
});
const look = () => {
  if (document.activeElement !== document.body || !was.target || was.target.isConnected) return;
  const { children } = (was.rows?.isConnected && was.rows) || { children: [] };
  const row = children[was.index] ?? children[children.length - 1];
  (row?.querySelector("a.title, button") ?? document.getElementById("main"))?.focus();
};
// After those who know better.
const later = () => requestAnimationFrame(() => requestAnimationFrame(look));
new MutationObserver(later).observe(document.body, { childList: true, subtree: true });

// A menu is seen whole when it opens, so what it stands in must not be cut off at its edges. Whether one is open at all is said
// once: to look through all rows at each click would take longer than most clicks do.
addEventListener("toggle", ({ target }) => {
  if (!target.matches(".menu")) return;
  for (const part of [target.closest(".rows"), document.documentElement])
    part?.toggleAttribute("data-open", !!part.querySelector(".menu[open]"));
  if (target.open) target.lastElementChild.scrollIntoView({ block: "nearest" });
}, true);
