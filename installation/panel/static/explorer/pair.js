// Two pictures side by side: compare them, go from one to the other, mix their layers, breed them.

import { $, make, say } from "../dom.js";
import { Frame } from "./pictures.js";

const ZONES = { coarse: "Coarse: form", middle: "Middle", fine: "Fine: colour" };
const CHILDREN = 6;
const GENES = 0.12;         // how far a child strays by itself

export class Pair {
  #app; #points = { a: { start: { seed: 1 } }, b: { start: { seed: 2 } } };
  #frames = {}; #ranges = {}; #brood = []; #open = false;

  constructor(app) {
    this.#app = app;
    this.#build($("pair"));
    app.addEventListener("tab", ({ detail }) => { this.#open = detail === "pair"; this.#show(); });
    app.addEventListener("model", () => {
      this.#points = { a: { start: { seed: 1 } }, b: { start: { seed: 2 } } };
      this.#show();
    });
  }

  take(side, point) {
    this.#points[side] = structuredClone(point);
    this.#app.note(`The present picture is ${side.toUpperCase()} of the pair`);
    this.#show();
  }

  // A, with as much of B in each zone of layers as its slider says.
  mixed(parts, more = {}) {
    const { a, b } = this.#points;
    return { ...a, mix: { other: b, ...parts }, ...more };
  }

  #build(box) {
    const button = (text, act, name = "") => {
      const made = make("button", { type: "button", text, class: name });
      made.addEventListener("click", act);
      return made;
    };
    const side = (name) => {
      const canvas = make("canvas", { width: 256, height: 256, role: "img", "aria-label": `Picture ${name.toUpperCase()}` });
      this.#frames[name] = new Frame(canvas, 256);
      return make("figure", { data: { side: name } }, canvas, make("figcaption", { text: name === "a" ? "A, source" : "B, destination" }),
        make("div", { class: "row" }, button("Shuffle", () => this.#shuffle(name)), button("Here", () => this.take(name, this.#app.point))));
    };
    const range = (name, words) => {
      const input = make("input", { type: "range", min: 0, max: 1, step: 0.01, value: 0, data: { zone: name } });
      input.addEventListener("input", () => this.#moved(name));
      this.#ranges[name] = input;
      return make("label", {}, words, input);
    };
    this.#brood = Array.from({ length: CHILDREN }, (_, place) => {
      const canvas = make("canvas", { width: 128, height: 128 });
      const made = make("button", { type: "button", "aria-label": `Child ${place + 1}` }, canvas);
      const child = { frame: new Frame(canvas, 128), made, point: null };
      made.addEventListener("click", () => child.point && this.#app.go(child.point, "A child of A and B", "pair"));
      return child;
    });
    this.children = make("div", { class: "brood", hidden: "" }, ...this.#brood.map(({ made }) => made));
    box.append(make("div", { class: "two" }, side("a"), side("b")),
      make("div", { class: "row" }, button("Swap", () => this.#swap()), button("B becomes A", () => this.#next()),
        button("Journey from A to B", () => this.#journey(), "changes")),
      range("all", "From A to B"), ...Object.entries(ZONES).map(([name, words]) => range(name, words)),
      make("div", { class: "row" }, button("Breed six children", () => this.#breed())), this.children);
  }

  #shuffle(side) {
    this.#points[side] = { start: { seed: Math.floor(Math.random() * 2 ** 32) } };
    this.#show();
  }

  #swap() {
    const { a, b } = this.#points;
    this.#points = { a: b, b: a };
    this.#show();
  }

  // Marrow's animator went on like this: the destination is the next source.
  #next() {
    this.#points.a = this.#points.b;
    this.#shuffle("b");
  }

  #show() {
    if (!this.#open) return;
    for (const side of ["a", "b"]) this.#frames[side].show(this.#app.model, this.#points[side]);
  }

  #moved(name) {
    if (name === "all") for (const zone in ZONES) this.#ranges[zone].value = this.#ranges.all.value;
    const parts = Object.fromEntries(Object.keys(ZONES).map((zone) => [zone, Number(this.#ranges[zone].value)]));
    this.#app.go(this.mixed(parts), "A mixed with B", "pair");
  }

  // The form of one, the colours of the other, and a little of its own.
  #breed() {
    this.children.hidden = false;
    for (const [place, child] of this.#brood.entries()) {
      const flip = place % 2, middle = Math.random() < 0.5 ? 0 : 1;
      const parts = { coarse: flip, middle, fine: 1 - flip };
      const stray = { seed: Math.floor(Math.random() * 2 ** 32), amount: GENES };
      child.point = this.mixed(parts, { stray });
      child.frame.show(this.#app.model, child.point);
    }
    say($("caption"), "Take a child, and it is the present picture");
  }

  async #journey() {
    const places = [];
    for (const side of ["a", "b"]) places.push(await this.#app.journeys.kept(this.#points[side], side.toUpperCase()));
    this.#app.journeys.begin(places);
  }
}
