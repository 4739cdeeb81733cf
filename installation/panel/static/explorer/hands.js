// The others at the table: who they are, and where their hands point on this map.

import { $, make, say } from "../dom.js";

const HUES = ["#f2a65a", "#7fd6a0", "#8fb8ff", "#ff9db0", "#d9c7ff", "#ffe08a", "#7fe0e0", "#e0a3e8",
  "#c5e07f", "#ffb38a", "#a8c8c8", "#f0c0d8"];

export class Hands {
  #app; #cursors = {}; #shown = new Map();

  constructor(app) {
    this.#app = app;
    app.chart.addEventListener("hand", ({ detail }) => this.#point(detail));
    app.chart.addEventListener("moved", () => this.#show());
    app.seat.addEventListener("people", () => this.#people());
    app.seat.addEventListener("cursors", ({ detail }) => { this.#cursors = detail; this.#show(); });
  }

  #here() { return JSON.stringify([this.#app.model, this.#app.view.name]); }

  #point(at) {
    this.#app.seat.point(at && { map: this.#here(), x: at.x, y: at.y });
  }

  #people() {
    const { id, people } = this.#app.seat;
    $("people").replaceChildren(...people.filter((one) => one.id !== id).map((one) => {
      const button = make("button", { type: "button", title: "Go where this hand is" }, make("i"), one.name || "Somebody");
      button.style.setProperty("--hue", HUES[one.colour % HUES.length]);
      button.addEventListener("click", () => this.#follow(one.id));
      return make("li", {}, button);
    }));
    this.#show();
  }

  async #follow(id) {
    const at = this.#cursors[id];
    if (!at) return this.#app.note("That hand is not on a map now");
    const [model, view] = JSON.parse(at.map);
    await this.#app.choose(model);
    this.#app.view.show(JSON.parse(view), { x: at.x, y: at.y, scale: this.#app.chart.centre.scale });
  }

  #show() {
    const here = this.#here(), people = new Map(this.#app.seat.people.map((one) => [one.id, one]));
    for (const [id, hand] of this.#shown)
      if (this.#cursors[id]?.map !== here || !people.has(id)) { hand.remove(); this.#shown.delete(id); }
    for (const [id, at] of Object.entries(this.#cursors)) {
      if (at.map !== here || !people.has(id)) continue;
      const hand = this.#shown.get(id) ?? this.#fresh(id);
      const [x, y] = this.#app.chart.pixel(at.x, at.y);
      hand.style.transform = `translate(${x}px, ${y}px)`;
      hand.style.setProperty("--hue", HUES[people.get(id).colour % HUES.length]);
      say(hand.firstChild, people.get(id).name || "Somebody");
    }
  }

  #fresh(id) {
    const hand = make("div", { class: "hand-of" }, make("b"));
    this.#shown.set(id, hand);
    $("hands").append(hand);
    return hand;
  }
}
