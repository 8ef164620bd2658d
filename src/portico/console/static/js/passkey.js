// Signs in by a passkey, or adds one: <form data-passkey="sign-in | add">, hidden until this script knows that it can.

const send = async (path, fields) => {
  const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields) });
  const told = await answer.json();
  if (told.to) location.assign(told.to);
  if (!answer.ok) throw new Error(told.trouble ?? "That didn't work.");
  return told;
};

const ask = {
  "sign-in": (options) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
  add: (options) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
};

const use = async (form) => {
  const kind = form.dataset.passkey;
  const fields = Object.fromEntries(new FormData(form));
  const options = await send(`/passkey/${kind}/begin`, fields);
  const credential = await ask[kind](options);
  await send(`/passkey/${kind}`, { ...fields, answer: JSON.stringify(credential) });
};

const why = (error) =>
  error.name === "NotAllowedError" ? "Nothing was chosen, or it took too long." : error.message;

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) break;
  const trouble = form.querySelector("[role=alert]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    try {
      await use(form);
    } catch (error) {
      trouble.hidden = false;
      trouble.querySelector("span").textContent = why(error);
    }
  });
}
