// Two sliders under one finger: for a pair of controls whose addresses end in /x and /y.
// A shortcut for the eye and the thumb; the two sliders below it serve keys and screen readers.

import { make } from "./dom.js";

const SETTLE = 700;        // ms after letting go in which the desk's older values are not shown

export class Pad {
  #x; #y; #ask; #at = { x: 0, y: 0 }; #held = false; #quietUntil = 0;

  constructor(x, y, ask) {
    [this.#x, this.#y, this.#ask] = [x, y, ask];
    this.dot = make("span", { class: "dot" });
    this.box = make("div", { class: "pad", "aria-hidden": "true" }, this.dot);
    this.box.addEventListener("pointerdown", (event) => this.#down(event));
    this.box.addEventListener("pointermove", (event) => this.#held && this.#go(event));
    for (const end of ["pointerup", "pointercancel"])
      this.box.addEventListener(end, () => { this.#held = false; });
    this.box.addEventListener("dblclick", () => this.#home());
  }

  show(values) {
    if (this.#held || performance.now() < this.#quietUntil) return;
    this.#paint(values[this.#x.address] ?? 0, values[this.#y.address] ?? 0);
  }

  #down(event) {
    if (event.button !== 0) return;
    this.box.setPointerCapture(event.pointerId);
    this.#held = true;
    this.#go(event);
  }

  #go(event) {
    const box = this.box.getBoundingClientRect();
    this.#put(part(this.#x, (event.clientX - box.left) / box.width),
      part(this.#y, 1 - (event.clientY - box.top) / box.height));
  }

  #home() { this.#put(this.#x.default, this.#y.default); }

  #put(x, y) {
    this.#quietUntil = performance.now() + SETTLE;
    this.#paint(x, y);
    this.#ask(this.#x.address, x);
    this.#ask(this.#y.address, y);
  }

  #paint(x, y) {
    if (x === this.#at.x && y === this.#at.y) return;
    this.#at = { x, y };
    this.dot.style.left = `${100 * whole(this.#x, x)}%`;
    this.dot.style.bottom = `${100 * whole(this.#y, y)}%`;
  }
}

const part = ({ low, high }, way) => low + (high - low) * Math.min(1, Math.max(0, way));
const whole = ({ low, high }, value) => (value - low) / (high - low);
