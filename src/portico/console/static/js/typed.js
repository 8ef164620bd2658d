// Puts what was typed and not taken yet back into its form: after a fresh proof, or after a refusal.

const kept = document.getElementById("typed");
const given = JSON.parse(kept.dataset.fields);
const told = (name) => given.filter(([known]) => known === name).map(([, text]) => text);

// Of several forms that go to the same place, the one whose hidden fields say the same.
const alike = (form) =>
  [...form.elements].filter((one) => one.type === "hidden" && told(one.name).includes(one.value)).length;
const forms = [...document.forms].filter((form) => form.getAttribute("action") === kept.dataset.action);
const [form] = forms.sort((one, other) => alike(other) - alike(one));

const put = (field, many) => {
  const texts = told(field.name);
  if (field.type === "checkbox" || field.type === "radio") field.checked = texts.includes(field.value);
  else if (texts.length > many) field.value = texts[many];
};

if (form) {
  const seen = new Map();
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden") continue;
    const many = seen.get(field.name) ?? 0;
    seen.set(field.name, many + 1);
    put(field, many);
  }
  for (let around = form.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  form.querySelector("button")?.focus();
}
