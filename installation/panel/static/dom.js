// Small words for making elements.

let made = 0;

export const $ = (id) => document.getElementById(id);

export function make(tag, { text, data, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const freshId = (name) => `${name}-${++made}`;

// Only touch the page when something changed: an idle phone stays cool.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function mark(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

// A button that acts at its second touch: the first says what would happen, and is forgotten soon.
export function armed(button, note, words, act) {
  let timer = 0;
  const disarm = () => { clearTimeout(timer); delete button.dataset.armed; say(note, ""); };
  button.addEventListener("click", () => {
    if (button.dataset.armed) { disarm(); return act(); }
    button.dataset.armed = "true";
    say(note, words);
    timer = setTimeout(disarm, 4000);
  });
}

export const named = (word) => word.replaceAll("_", " ");

export const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
