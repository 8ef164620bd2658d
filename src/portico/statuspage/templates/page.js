(() => {
  const stamp = document.getElementById("as-of"), old = document.getElementById("old");
  const at = Number(stamp.dataset.at), limit = Number(stamp.dataset.old);
  const words = (s) => s < 7200 ? `${Math.round(s / 60)} minutes` : s < 172800 ? `${Math.round(s / 3600)} hours` : `${Math.round(s / 86400)} days`;
  const look = () => {
    const age = Date.now() / 1000 - at;
    old.classList.toggle("shown", age > limit);
    if (age > limit) document.getElementById("age").textContent = words(age);
  };
  const renew = async () => {
    look();
    if (document.hidden || document.activeElement?.matches("input")) return;
    try {
      const told = await (await fetch("/status.json", { cache: "no-store" })).json();
      if (told.at > at) location.reload();
    } catch { /* the page then tells its age */ }
  };
  look();
  setInterval(renew, 60000);
})();
