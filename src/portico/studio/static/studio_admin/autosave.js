// An editor's form waits for the save by itself that is on its way: that would be stored after it, as one more
// draft, or twice what stands in both. One that has not begun yet is not needed any more.
(function () {
  "use strict";

  const LONGEST_MS = 5000;
  const USUAL_MS = 500;

  let save = null; // the event of the save that goes on
  let began = 0;
  let sent = null; // the form that was sent

  const forms = "form[data-controller~='w-autosave']";

  document.addEventListener("w-autosave:save", (event) => {
    if (sent) {
      event.preventDefault();
    } else {
      save = event;
      began = performance.now();
    }
  });

  for (const end of ["success", "error"]) {
    document.addEventListener(`w-autosave:${end}`, () => {
      save = null;
    });
  }

  // whether it only waits for the editor to pause; then nothing was sent
  function waits(form) {
    const pause = Number(form.dataset.wAutosaveIntervalValue || USUAL_MS);
    return performance.now() - began < pause / 2;
  }

  // a button that was pressed may be disabled by now, and would send nothing of itself
  function keep(form, button) {
    if (!button || !button.name) return;
    const kept = document.createElement("input");
    Object.assign(kept, { type: "hidden", name: button.name, value: button.value });
    form.append(kept);
  }

  function sendLater(form, button) {
    let waiting = 0;
    function send() {
      clearTimeout(waiting);
      document.removeEventListener("w-autosave:success", send);
      document.removeEventListener("w-autosave:error", send);
      keep(form, button);
      form.requestSubmit();
    }
    sent = form;
    document.addEventListener("w-autosave:success", send);
    document.addEventListener("w-autosave:error", send);
    waiting = setTimeout(send, LONGEST_MS);
  }

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (sent || !form.matches(forms)) return;
      if (save && !save.defaultPrevented && !waits(form)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        sendLater(form, event.submitter);
        return;
      }
      if (save) save.preventDefault();
      sent = form;
      // somebody else may keep the form from being sent
      setTimeout(() => {
        if (event.defaultPrevented) sent = null;
      });
    },
    true,
  );

  window.addEventListener("pageshow", () => {
    sent = null;
  });
})();
