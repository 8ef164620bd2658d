(() => {
  const stamp = document.getElementById("as-of"), old = document.getElementById("old");
  const mine = Number(stamp.dataset.at ?? 0), limit = Number(stamp.dataset.old);
  let at = mine, ahead = 0;
  const told = document.getElementById("age"), [minutes, hours, days] = told.dataset.units.split(",");
  const words = (s) => s < 7200 ? `${Math.round(s / 60)} ${minutes}` : s < 172800 ? `${Math.round(s / 3600)} ${hours}` : `${Math.round(s / 86400)} ${days}`;
  const look = () => {
    const age = Date.now() / 1000 - ahead - at;
    old.classList.toggle("shown", at > 0 && age > limit);
    if (age > limit) told.textContent = words(age);
  };
  const ask = async () => {
    const answer = await fetch("/status.json", { cache: "no-store" }), headers = answer.headers;
    // the visitor's clock may be wrong; what lay in a cache says for how long
    const now = Date.parse(headers.get("date")) / 1000 + Number(headers.get("age"));
    if (now) ahead = Date.now() / 1000 - now;
    return (await answer.json()).at;
  };
  const begin = async () => {
    setTimeout(look, 3000);
    try {
      const now = await ask();
      at ||= now;
    } catch { /* the visitor's clock then has to do */ }
    look();
  };
  const renew = async () => {
    look();
    if (document.hidden || document.activeElement?.matches("input")) return;
    try {
      at = await ask();
      if (mine && at > mine) location.reload();
      look();
    } catch { /* the page then tells its age */ }
  };
  begin();
  setInterval(renew, 60000);
})();
