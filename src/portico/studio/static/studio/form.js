// Answers a form in place where scripts run; without them the form works by itself.
// The same file is the worker that does the work which senders in haste are asked for.

const CONCURRENT_TRIES = 512;

if (typeof document === "undefined") {
  self.onmessage = async ({ data: { text, bits } }) => self.postMessage(await proof(text, bits));
} else {
  const source = document.currentScript.src;
  for (const form of document.querySelectorAll("form[data-form]")) attach(form, source);
}

async function proof(text, bits) {
  const encoder = new TextEncoder();
  for (let first = 0; ; first += CONCURRENT_TRIES) {
    const tries = Array.from({ length: CONCURRENT_TRIES }, (_, number) => `${text}.${first + number}`);
    const found = await Promise.all(tries.map((one) => crypto.subtle.digest("SHA-256", encoder.encode(one))));
    const hit = found.findIndex((digest) => zeros(digest) >= bits);
    if (hit >= 0) return tries[hit];
  }
}

function zeros(digest) {
  const view = new DataView(digest);
  let count = 0;
  for (let place = 0; place < 32; place += 4) {
    const word = Math.clz32(view.getUint32(place));
    count += word;
    if (word < 32) break;
  }
  return count;
}

function attach(form, source) {
  const shown = performance.now();
  const { _key: key, _filled_ms: filled, _proof: proven } = form.elements;
  const button = form.querySelector("[type=submit]");
  const status = form.querySelector("[data-status]");
  // a page that the browser kept shows what was sent before: the next post is another one
  const renew = () => { key.value = crypto.randomUUID?.() ?? ""; };
  renew();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    tell(form, {});
    status.textContent = form.dataset.sending;
    filled.value = String(Math.round(performance.now() - shown));
    try {
      await send();
    } catch {
      status.textContent = form.dataset.failed;
      status.classList.add("form__status--failed");
    } finally {
      proven.value = "";
      button.disabled = false;
    }
  });

  async function send() {
    let [code, answer] = await post(form);
    if (code === 428) {
      status.textContent = form.dataset.checking;
      proven.value = await worked(source, answer.challenge);
      [code, answer] = await post(form);
    }
    status.classList.remove("form__status--failed");
    if (answer.ok) {
      thank(form);
      form.reset();
      renew();
    } else if (answer.fields) {
      tell(form, answer.fields);
    } else {
      throw new Error(`answered ${code}`);
    }
    status.textContent = "";
  }
}

async function post(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { accept: "application/json" },
    credentials: "omit",
  });
  return [answer.status, await answer.json()];
}

function worked(source, challenge) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(source);
    const end = (settle) => (event) => { worker.terminate(); settle(event.data); };
    worker.onmessage = end(resolve);
    worker.onerror = end(reject);
    worker.postMessage(challenge);
  });
}

// Shows what is wrong with each field, and takes the reader there; nothing wrong clears it all.
function tell(form, problems) {
  const summary = form.querySelector("[data-summary]");
  const list = summary.querySelector("ul");
  list.replaceChildren();
  for (const part of form.querySelectorAll("[data-field]")) {
    const problem = problems[part.dataset.field] ?? "";
    const error = part.querySelector(".form__error");
    error.textContent = problem;
    error.hidden = !problem;
    for (const control of part.querySelectorAll("input, select, textarea")) mark(control, error.id, problem);
    if (problem) list.append(link(part));
  }
  summary.hidden = !list.children.length;
  if (!summary.hidden) summary.focus();
}

function mark(control, error, problem) {
  const described = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== error);
  if (problem) described.push(error);
  if (problem) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
  if (described.length) control.setAttribute("aria-describedby", described.join(" "));
  else control.removeAttribute("aria-describedby");
}

function link(part) {
  const control = part.querySelector("input, select, textarea");
  const label = part.querySelector("legend, label");
  const entry = document.createElement("li");
  const anchor = document.createElement("a");
  anchor.href = `#${control.id}`;
  anchor.textContent = label.firstChild.textContent.trim();
  anchor.addEventListener("click", (event) => { event.preventDefault(); control.focus(); });
  entry.append(anchor);
  return entry;
}

function thank(form) {
  const thanks = form.parentElement.querySelector("[data-thanks]");
  form.hidden = true;
  thanks.hidden = false;
  thanks.focus();
}
