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
