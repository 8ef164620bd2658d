// Keeps an open page current. htmx takes the parts that the server sends and morphs them in; what a person
// opened stays open, and what the connection is doing is said.

htmx.registerExtension("keep", {
  htmx_before_morph_attr: (element, { attrName }) =>
    !(attrName === "open" && (element.tagName === "DETAILS" || element.tagName === "DIALOG")),
});

const lost = document.getElementById("lost");
const AWAY = new Set([401, 403, 404]);

document.addEventListener("htmx:sse:after:connection", () => {
  lost.hidden = true;
});

document.addEventListener("htmx:sse:error", ({ detail }) => {
  if (AWAY.has(detail.status)) location.reload();
  else lost.hidden = false;
});

document.addEventListener("leave", () => location.reload());

// htmx looks the page through from a timer that it set before this script ran, perhaps before its extensions
// were there; a timer set now comes after it, so this is connected once and not twice.
setTimeout(() => {
  const live = document.getElementById("live");
  live.setAttribute("hx-swap", "none");
  live.setAttribute("hx-sse:connect", live.dataset.from);
  htmx.process(live);
});
