// Draws every <figure data-chart>: {series: [{label, at, value}], unit} as told, or {url} asked for and again
// every so many seconds (every_s). `from` and `to` set the time's scale. A part that is morphed keeps its chart.

const COLOURS = ["--s1", "--s2", "--s3", "--s4", "--s5", "--s6"];
const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [10, 4]];
const UNITS = {
  s: (value) => (value < 1 ? `${+(value * 1000).toPrecision(3)} ms` : `${+value.toPrecision(3)} s`),
  bytes: (value) => {
    const step = value ? Math.min(4, Math.max(0, Math.floor(Math.log10(Math.abs(value)) / 3))) : 0;
    return `${+(value / 1000 ** step).toPrecision(3)} ${["B", "kB", "MB", "GB", "TB"][step]}`;
  },
  "bytes/s": (value) => `${UNITS.bytes(value)}/s`,
  ratio: (value) => `${+(value * 100).toPrecision(4)} %`,
  "": (value) => (Math.abs(value) >= 10000 ? value.toLocaleString("en").replaceAll(",", "\u202f") : `${+value.toPrecision(3)}`),
};

const drawn = new WeakMap();
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const spell = (unit) => UNITS[unit] ?? ((value) => `${UNITS[""](value)} ${unit}`);

// One column of moments for all series; a series that has none at a moment has a gap there.
const aligned = (series) => {
  const at = [...new Set(series.flatMap((one) => one.at))].sort((a, b) => a - b);
  const rows = series.map((one) => {
    const known = new Map(one.at.map((moment, place) => [moment, one.value[place]]));
    return at.map((moment) => known.get(moment) ?? null);
  });
  return [at, ...rows];
};

// Hours as they are written everywhere else here, and in the same zone; the date where a day begins.
const local = (moment) => uPlot.tzDate(new Date(moment * 1000), document.documentElement.dataset.zone);
const two = (number) => String(number).padStart(2, "0");
const clock = (_, moments, axis, space, step) =>
  moments.map((moment, place) => {
    const at = local(moment);
    const time = `${two(at.getHours())}:${two(at.getMinutes())}${step < 60 ? `:${two(at.getSeconds())}` : ""}`;
    const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
    if (step >= 86400) return day;
    return place === 0 || (at.getHours() === 0 && at.getMinutes() === 0) ? `${time}\n${day}` : time;
  });

const axis = (values) => ({
  stroke: colour("--soft"),
  grid: { stroke: colour("--line"), width: 1 },
  ticks: { show: false },
  font: `12px ${colour("--sans")}`,
  ...(values ? { values: (_, all) => all.map((value) => (value === null ? "" : values(value))), size: 62 } : {}),
});

const options = (told, width, height) => ({
  width,
  height,
  tzDate: local,
  cursor: { drag: { x: false, y: false } },
  legend: { show: told.series.length > 1, live: width > 420 },
  scales: {
    x: told.from ? { range: () => [told.from, told.to ?? Date.now() / 1000] } : {},
    y: { range: (_, least, most) => [Math.min(0, least ?? 0), (most || 1) * 1.08] },
  },
  axes: [{ ...axis(), values: clock }, axis(spell(told.unit ?? ""))],
  series: [
    { value: "{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}" },
    ...told.series.map((one, place) => ({
      label: one.label,
      stroke: colour(COLOURS[place % COLOURS.length]),
      dash: DASHES[place % DASHES.length],
      width: 1.5,
      points: { show: one.at.length < 3 },
      value: (_, value) => (value == null ? "–" : spell(told.unit ?? "")(value)),
    })),
  ],
});

const show = (figure, told) => {
  const plot = figure.querySelector(".plot");
  drawn.get(figure)?.chart?.destroy();
  if (!told.series?.some((one) => one.at.length)) {
    plot.textContent = "Nothing was measured in this time.";
    return;
  }
  plot.textContent = "";
  const legend = told.series.length > 1 ? 34 : 0;
  const asked = options(told, plot.clientWidth, Math.max(90, plot.clientHeight - legend));
  drawn.get(figure).chart = new uPlot(asked, aligned(told.series), plot);
};

const draw = async (figure) => {
  const asked = JSON.parse(figure.dataset.chart);
  const held = drawn.get(figure) ?? {};
  drawn.set(figure, held);
  clearTimeout(held.timer);
  held.told = asked;
  if (asked.url) {
    try {
      const answer = await fetch(asked.url, { credentials: "same-origin" });
      if (answer.ok) held.told = { ...asked, ...(await answer.json()) };
      else held.told = { series: [] };
    } catch {
      return;
    }
    held.timer = setTimeout(() => (document.hidden ? null : draw(figure)), 1000 * (asked.every_s ?? 15));
  }
  show(figure, held.told);
};

const all = () => document.querySelectorAll("figure[data-chart]");
const fresh = () => [...all()].filter((figure) => !drawn.has(figure)).forEach(draw);
const anew = () => [...all()].forEach((figure) => drawn.get(figure)?.told && show(figure, drawn.get(figure).told));

new MutationObserver((changes) => changes.forEach(({ target }) => target.dataset.chart && draw(target))).observe(
  document.body,
  { subtree: true, attributes: true, attributeFilter: ["data-chart"] },
);
let wide = innerWidth;
addEventListener("resize", () => {
  if (wide !== innerWidth) anew();
  wide = innerWidth;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", anew);
document.addEventListener("visibilitychange", () => document.hidden || [...all()].forEach(draw));
document.addEventListener("htmx:after:swap", fresh);
fresh();
