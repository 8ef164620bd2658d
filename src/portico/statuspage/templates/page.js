(() => {
  const stamp = document.getElementById("as-of"), old = document.getElementById("old");
  const mine = Number(stamp.dataset.at ?? 0), limit = Number(stamp.dataset.old);
  let at = mine;
  const told = document.getElementById("age"), [minutes, hours, days] = told.dataset.units.split(",");
  const words = (s) => s < 7200 ? `${Math.round(s / 60)} ${minutes}` : s < 172800 ? `${Math.round(s / 3600)} ${hours}` : `${Math.round(s / 86400)} ${days}`;
  const look = () => {
    const age = Date.now() / 1000 - at;
    old.classList.toggle("shown", at > 0 && age > limit);
    if (age > limit) told.textContent = words(age);
  };
  const renew = async () => {
    look();
    if (document.hidden || document.activeElement?.matches("input")) return;
    try {
      const now = await (await fetch("/status.json", { cache: "no-store" })).json();
      if (mine && now.at > mine) location.reload();
      at = now.at;
      look();
    } catch { /* the page then tells its age */ }
  };
  if (mine) look(); else renew();
  setInterval(renew, 60000);
})();
