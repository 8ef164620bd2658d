// Searches the frozen index from the search page. Everything here is progress: the page lists its main pages without it.

const INDEX = "/pagefind/pagefind.js";
const AT_ONCE = 10;

const form = document.querySelector(".search-form");
const input = form.elements.q;
const results = document.querySelector("[data-search]");
const count = results.querySelector(".search-count");
const found = results.querySelector(".search-found");
const more = results.querySelector(".search-more");
const pages = document.querySelector(".search-pages");

let index;
let waiting = [];
let asked = "";

// Loaded when somebody begins to type: nobody else pays for it.
async function load() {
  index ??= import(INDEX).then(async (pagefind) => {
    await pagefind.options({ excerptLength: 24 });
    return pagefind;
  });
  return index;
}

async function search(words) {
  asked = words;
  remember(words);
  if (!words) return show("", []);
  try {
    const answer = await (await load()).search(words);
    if (asked !== words) return;
    await show(told(words, answer.results.length), answer.results);
  } catch {
    index = undefined;
    await show(results.dataset.failed, []);
  }
}

async function show(sentence, hits) {
  found.replaceChildren();
  waiting = hits;
  pages.hidden = hits.length > 0;
  await next();
  count.textContent = sentence;
}

async function next() {
  const now = waiting.splice(0, AT_ONCE);
  const shown = await Promise.all(now.map((hit) => hit.data()));
  found.append(...shown.map(item));
  more.hidden = waiting.length === 0;
}

function told(words, number) {
  const form = number === 0 ? "none" : number === 1 ? "one" : "many";
  return results.dataset[form].replace("{words}", words).replace("{count}", number);
}

function item(page) {
  const entry = document.createElement("li");
  const link = document.createElement("a");
  link.href = page.url;
  link.textContent = page.meta.title;
  const excerpt = document.createElement("p");
  excerpt.append(...marked(page.excerpt));
  entry.append(link, excerpt);
  return entry;
}

// Text and <mark> are taken over, whatever else an excerpt may hold.
function marked(excerpt) {
  const parsed = new DOMParser().parseFromString(excerpt, "text/html");
  return [...parsed.body.childNodes].map((node) => {
    if (node.nodeName !== "MARK") return node.textContent;
    const mark = document.createElement("mark");
    mark.textContent = node.textContent;
    return mark;
  });
}

function remember(words) {
  const url = new URL(location.href);
  if (words) url.searchParams.set("q", words);
  else url.searchParams.delete("q");
  history.replaceState(null, "", url);
}

let pause;
input.addEventListener("focus", load, { once: true });
input.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => search(input.value.trim()), 150);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  search(input.value.trim());
});
more.addEventListener("click", async () => {
  const first = found.children.length;
  await next();
  found.children[first]?.querySelector("a").focus();
});

input.value = new URLSearchParams(location.search).get("q") ?? "";
if (input.value) search(input.value.trim());
