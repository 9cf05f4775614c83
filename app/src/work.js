// The keyboard is never left nowhere: where what it was on has gone, and nothing else has taken it, it goes to what stands
// in that place now, or else to the page.
let was = { beside: [null, null] };
addEventListener("focusin", ({ target }) => {
  // From a message one goes back to where one was.
  if (target.closest(".messages")) return void (was = { ...was, back: was.back ?? was.target, target });
  const row = target.closest(".rows > li"), rows = row?.parentElement;
  const beside = [rows?.nextElementSibling, rows?.previousElementSibling];
  was = { target, rows, beside, id: row?.id, index: row && [...rows.children].indexOf(row) };
});
// What stood around a menu that went with its row does not know yet that it has gone.
const opened = new Set();
const look = () => {
  opened.forEach(mark);
  if (document.activeElement !== document.body || !was.target || was.target.isConnected) return;
  if (was.back?.isConnected) return was.back.focus();
  const rowsOf = (list) => (list?.isConnected && list.matches(".rows") ? [...list.children] : []);
  const [here, next, before] = [was.rows, ...was.beside].map(rowsOf);
  const row = here.find(({ id }) => id === was.id) ?? here[was.index] ?? next[0] ?? here.at(-1) ?? before.at(-1);
  (row?.querySelector("a.title") ?? row?.querySelector("button") ?? document.getElementById("main"))?.focus();
};
// After those who know better, who lead it in the frame after the last change.
let frame;
const inAFrame = (then) => (frame = requestAnimationFrame(then));
const later = () => {
  cancelAnimationFrame(frame);
  inAFrame(() => inAFrame(look));
};
new MutationObserver(later).observe(document.body, { childList: true, subtree: true });

// A menu is seen whole when it opens, so what it stands in must not be cut off at its edges. Whether one is open at all is said
// once: to look through all rows at each click would take longer than most clicks do.
const mark = (part) => {
  const holds = part.querySelector(".menu[open]");
  part.toggleAttribute("data-open", !!holds);
  opened[holds ? "add" : "delete"](part);
};
const markAround = (menu) => [menu.closest(".rows"), document.documentElement].filter(Boolean).forEach(mark);
// One may have come with the page.
document.querySelectorAll(".menu[open]").forEach(markAround);
addEventListener("toggle", ({ target }) => {
  if (!target.matches(".menu")) return;
  markAround(target);
  if (target.open) target.lastElementChild.scrollIntoView({ block: "nearest" });
}, true);
