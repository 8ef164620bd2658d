// Keeps an open page current. htmx takes the parts that the server sends and morphs them in; what a person
// opened stays open, and what the connection is doing is said.

htmx.registerExtension("keep", {
  htmx_before_morph_attr: (element, { attrName }) =>
    !(attrName === "open" && (element.tagName === "DETAILS" || element.tagName === "DIALOG")),
});

const SILENT_MS = 10_000; // the server beats each second or two, even when there is nothing new
const AWAY = new Set([401, 403, 404]);
const LOST = "The connection to the console is lost; this page stands still until it is back.";
const TOO_MANY = "This session follows as many pages as it may; this one stands still. Close another, and load it again.";

const lost = document.getElementById("lost");
let heard = performance.now();
let connection = null;

function stand(why) {
  lost.querySelector("span").textContent = why;
  lost.hidden = false;
}

function hear({ detail }) {
  connection = detail.connection;
  heard = performance.now();
  lost.hidden = true;
}

document.addEventListener("htmx:sse:after:connection", hear);
document.addEventListener("htmx:sse:after:message", hear);

document.addEventListener("htmx:sse:error", ({ detail }) => {
  if (AWAY.has(detail.status)) location.reload();
  else stand(LOST);
});

// the first answer was no stream: htmx tries no further
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (AWAY.has(ctx.response.status)) location.reload();
  else stand(ctx.response.status === 429 ? TOO_MANY : LOST);
});

document.addEventListener("leave", () => location.reload());

// a page in the background is not followed, so nothing is heard there
document.addEventListener("visibilitychange", () => {
  heard = performance.now();
});

// a network that swallows everything reports no error: who hears nothing for long connects anew
setInterval(() => {
  if (document.hidden || performance.now() - heard < SILENT_MS) return;
  if (lost.hidden) stand(LOST);
  heard = performance.now();
  connection?.reader?.cancel();
}, 1000);

// htmx looks the page through from a timer that it set before this script ran, perhaps before its extensions
// were there; a timer set now comes after it, so this is connected once and not twice.
setTimeout(() => {
  htmx.config.sse = { reconnectMaxDelay: SILENT_MS, connectTimeout: SILENT_MS };
  const live = document.getElementById("live");
  live.setAttribute("hx-swap", "none");
  live.setAttribute("hx-sse:connect", live.dataset.from);
  htmx.process(live);
});
