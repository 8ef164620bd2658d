// The keyboard: ? shows the keys, / goes to the page's filter, g and a letter to a page.

const help = document.getElementById("keys");
const WAIT_MS = 1500;
let going = 0;

const writes = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

const go = (key) => {
  const link = document.querySelector(`.rail a[data-key="${CSS.escape(key)}"]`);
  if (link) location.assign(link.href);
};

const ACTS = {
  "?": () => (help.open ? help.close() : help.showModal()),
  "/": () => document.querySelector("main input[type=search], main .filters input")?.focus(),
  g: () => (going = Date.now()),
};

document.addEventListener("keydown", (event) => {
  if (!help || event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
  if (Date.now() - going < WAIT_MS) {
    going = 0;
    go(event.key);
  } else if (ACTS[event.key]) {
    ACTS[event.key]();
  } else return;
  event.preventDefault();
});
