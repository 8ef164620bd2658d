// Follows one's own publish, and fills the checks' panel of the editor. Nothing here is needed for publishing.
(function () {
  "use strict";

  const PACE = { waiting: 250, working: 250, stuck: 2000 };

  function follow(panel) {
    const parts = {};
    for (const name of ["line", "steps", "why", "hint"]) {
      parts[name] = panel.querySelector(`.portico-publish__${name}`);
    }
    panel.querySelector(".portico-publish__close").addEventListener("click", () => dismiss(panel));

    // only what is new is written, so that a screen reader says it once
    function say(told) {
      panel.hidden = told.state === "nothing";
      panel.dataset.state = told.state;
      const steps = told.state === "over" ? [] : told.steps || [];
      for (const name of ["line", "why", "hint"]) {
        if (parts[name].textContent !== (told[name] || "")) parts[name].textContent = told[name] || "";
      }
      const link = panel.querySelector(".portico-publish__link");
      link.hidden = !told.url;
      if (told.url) link.href = told.url;
      if (steps.length < parts.steps.children.length) parts.steps.replaceChildren();
      for (const step of steps.slice(parts.steps.children.length)) {
        const item = document.createElement("li");
        item.textContent = step;
        parts.steps.append(item);
      }
    }

    async function look() {
      let told = { state: "stuck", over: false };
      try {
        const answer = await fetch(panel.dataset.url, { headers: { Accept: "application/json" } });
        if (!answer.ok || answer.redirected) return;
        told = await answer.json();
        say(told);
      } catch {
        // the studio is restarting: ask again later
      }
      if (!told.over && panel.isConnected) setTimeout(look, PACE[told.state] || 2000);
    }
    look();
  }

  function token() {
    const config = document.getElementById("wagtail-config");
    return config ? JSON.parse(config.textContent).CSRF_TOKEN : "";
  }

  function dismiss(panel) {
    panel.hidden = true;
    fetch(panel.dataset.dismiss, { method: "POST", headers: { "X-CSRFToken": token() } });
    panel.remove();
  }

  function check(section) {
    const findings = section.querySelector("[data-portico-findings]");
    let asked = 0;

    async function look() {
      const mine = (asked += 1);
      const answer = await fetch(section.dataset.porticoChecks, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected || mine !== asked) return;
      const html = await answer.text();
      if (findings.innerHTML !== html) findings.innerHTML = html;
    }

    let waiting = 0;
    document.addEventListener("w-autosave:success", () => {
      clearTimeout(waiting);
      waiting = setTimeout(look, 1500);
    });
    look();
  }

  function start() {
    const panel = document.getElementById("portico-publish");
    if (panel) follow(panel);
    document.querySelectorAll("[data-portico-checks]").forEach(check);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
