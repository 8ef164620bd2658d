// Exchanges the parts of a page that changed, as the server sends them.
const main = document.querySelector("main[data-live]");
if (main) {
  const stream = new EventSource(main.dataset.live);
  stream.addEventListener("part", (event) => {
    const part = JSON.parse(event.data);
    const place = document.getElementById(part.id);
    if (place) place.outerHTML = part.html;
  });
}
