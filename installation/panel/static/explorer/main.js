// The explorer's beginning: one table, one map, one present picture, and what can be done with it.

import { $, make, say } from "../dom.js";
import { Finder } from "./find.js";
import { Hands } from "./hands.js";
import { Journeys } from "./journey.js";
import { Chart } from "./map.js";
import { Pair } from "./pair.js";
import { Frame, versions } from "./pictures.js";
import { Seat } from "./seat.js";
import { Shelf } from "./shelf.js";
import { Steer } from "./steer.js";
import { View } from "./view.js";

// What changes something: out of use on a device that may only look.
const CHANGES = `#keeping :is(input, button), #remark, #bring, #find :is(button, input), .changes,
  #journey :is(input:not([type="range"]), select:not(#journeys), button:not(.main))`;
const TOAST = 7000;         // ms a note stays

class App extends EventTarget {
  model = "";
  info = null;              // of the model: its side and its ways
  point = { start: { seed: 1 } };
  seat = new Seat();
  chart = new Chart($("map"));
  frame = new Frame($("here").querySelector("canvas"), 512, (text) => text && this.note(text));
  #toast = 0;

  // Another present picture; `by` names who asks, so that he is not told what he said.
  go(point, caption = "", by = null) {
    this.point = point;
    this.frame.show(this.model, point);
    say($("caption"), caption);
    this.dispatchEvent(new CustomEvent("here", { detail: by }));
  }

  async choose(model) {
    if (!model || model === this.model && this.info) return;
    this.model = model;
    $("model").value = model;
    const answer = await fetch(`/explorer/model.json?model=${encodeURIComponent(model)}`);
    if (!answer.ok) return this.note(await answer.text());
    this.info = await answer.json();
    versions[model] = this.info.sha256.slice(0, 12);
    this.dispatchEvent(new Event("model"));
    this.go({ start: { seed: 1 } }, "Seed 1");
  }

  note(text, word = "", act = () => {}) {
    const [line, button] = $("toast").children;
    say(line, text);
    say(button, word);
    button.hidden = !word;
    button.onclick = () => { $("toast").hidden = true; act(); };
    $("toast").hidden = false;
    clearTimeout(this.#toast);
    this.#toast = setTimeout(() => { $("toast").hidden = true; }, TOAST);
  }

  // Called by whoever builds such things anew.
  limit() {
    for (const each of this.seat.looks ? document.querySelectorAll(CHANGES) : []) each.disabled = true;
  }

  open(tab) {
    for (const button of $("tabs").children) {
      const chosen = button.id === `tab-${tab}`;
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      $(button.id.slice(4)).hidden = !chosen;
    }
    this.dispatchEvent(new CustomEvent("tab", { detail: tab }));
  }
}

const app = window.explorer = new App();
app.view = new View(app);
app.steer = new Steer(app);
app.pair = new Pair(app);
app.journeys = new Journeys(app);
app.finder = new Finder(app);
app.shelf = new Shelf(app);
app.hands = new Hands(app);

$("tabs").addEventListener("click", ({ target }) => target.id && app.open(target.id.slice(4)));
$("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...$("tabs").children];
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  next.focus();
  next.click();
});

function light(level, words) {
  $("light").dataset.level = level;
  say($("words"), words);
  document.body.classList.toggle("lost", level === "lost");
}
app.seat.addEventListener("open", () => { light("good", "At the table"); begin(); });
app.seat.addEventListener("sheets", () => {
  $("looking").hidden = !app.seat.looks;
  app.limit();
});
app.seat.addEventListener("lost", () => light("lost", "Desk unreachable, trying again"));
app.seat.addEventListener("note", ({ detail }) => app.note(detail.text));
const sent = (words) => ({ detail }) => app.note(detail.warning || words(detail.id));
app.seat.addEventListener("sent", sent((id) => id ? "On its way to the wall" : "The wall walks on by itself"));
app.seat.addEventListener("waits", sent(() => "GO sends it to the wall: it is the next cue"));

// show.yaml was saved: a model may have come, gone or changed.
app.seat.addEventListener("models", ({ detail }) => {
  list(detail);
  const model = detail.includes(app.model) ? app.model : detail[0];
  app.info = null;
  app.choose(model);
});

$("me").value = localStorage.getItem("me") ?? "";
const call = () => { localStorage.setItem("me", $("me").value.trim()); app.seat.call($("me").value.trim()); };
$("me").addEventListener("change", call);
call();

$("model").addEventListener("change", ({ target }) => app.choose(target.value));

// The studio wakes when somebody sits down, and once more when the desk has been away.
async function begin() {
  if (app.info) return app.chart.draw();
  const answer = await fetch("/explorer/models.json");
  if (!answer.ok) return;
  const { models, wall } = await answer.json();
  list(models);
  await app.choose(wall);
}

function list(models) {
  $("model").replaceChildren(...models.map((name) => make("option", { text: name, value: name })));
}
