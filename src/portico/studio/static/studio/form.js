// Makes a form friendlier where scripts run; without it the form works by itself.
for (const form of document.querySelectorAll("form[data-form]")) {
  const shown = performance.now();
  form.elements._key.value = crypto.randomUUID().replaceAll("-", "");
  form.addEventListener("submit", () => {
    form.elements._filled_ms.value = String(Math.round(performance.now() - shown));
  });
}
