// Counts ages on from second to second, by the server's clock, so that the server needn't send them.
// Written as `span` in words.py writes them.

const behind = Number(document.documentElement.dataset.now) - Date.now() / 1000;
const UNITS = [["d", 86400, 2], ["h", 3600, 1], ["min", 60, 1]];

const span = (seconds) => {
  const past = Math.max(0, seconds);
  const [unit, size] = UNITS.find(([, size, least]) => past >= least * size) ?? ["s", 1];
  return `${unit === "s" ? Math.min(59, Math.round(past)) : Math.floor(past / size)} ${unit}`;
};

const say = (time, now) => {
  const told = span(now - Number(time.dataset.at));
  const text = time.dataset.as === "ago" ? `${told} ago` : told;
  if (time.textContent !== text) time.textContent = text;
};

const tick = () => {
  const now = Date.now() / 1000 + behind;
  for (const time of document.querySelectorAll('time[data-as="ago"], time[data-as="since"]')) say(time, now);
};

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:after:swap", tick);
