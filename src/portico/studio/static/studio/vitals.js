// Tells how fast this page was: some numbers, the kind of page, phone or desktop. Of a share of visits, once each.
// Nothing else is told, and nothing is kept here: no cookie, no name, no address. docs/visitors.md
{
  const { kind, share, library } = document.currentScript.dataset;
  const LONGEST_MS = 60_000;
  const MOST_SHIFTED = 10;

  const told = new URLSearchParams({ kind, device: innerWidth < 768 ? "phone" : "desktop" });
  const take = (name, most, scale) => (measured) =>
    told.set(name, Math.round(Math.min(Math.max(measured.value, 0), most) * scale));

  // Loaded by those alone who measure; what the browser noted before that counts all the same.
  const measure = async () => {
    const { onCLS, onINP, onLCP, onTTFB } = await import(library);
    onLCP(take("lcp", LONGEST_MS, 1));
    onINP(take("inp", LONGEST_MS, 1));
    onTTFB(take("ttfb", LONGEST_MS, 1));
    onCLS(take("cls", MOST_SHIFTED, 1000));
    addEventListener("visibilitychange", tell);
  };

  const tell = () => {
    if (document.visibilityState !== "hidden") return;
    removeEventListener("visibilitychange", tell);
    if ([...told].length > 2) navigator.sendBeacon("/-/vitals", told);
  };

  // Machines that drive a browser are no visitors.
  if (!navigator.webdriver && Math.random() < Number(share)) addEventListener("load", () => measure().catch(() => {}));
}
