// A slider made for a finger in the dark: drags from where it is, never jumps under a scrolling thumb.

import { make, mark, say } from "./dom.js";

const FINE = 0.1;          // of the way the finger goes
const HOLD = 450;          // ms of stillness that ask for fine steps
const STILL = 7;           // px a resting finger trembles
const DOUBLE = 350;        // ms between the taps of a double tap
const SETTLE = 700;        // ms after letting go in which the desk's older values are not shown
const UNITS = { x: "×" };
const STEPS = { ArrowRight: 0.01, ArrowUp: 0.01, ArrowLeft: -0.01, ArrowDown: -0.01,
  PageUp: 0.1, PageDown: -0.1, Home: -1, End: 1 };

export class Slider {
  #row; #ask; #value; #travel = 0; #held = false; #fine = false; #quietUntil = 0;
  #last = 0; #start = 0; #moved = false; #timer = 0; #tappedAt = -Infinity;

  constructor(row, ids, ask) {
    this.#row = row;
    this.#ask = ask;
    this.fill = make("span", { class: "fill" });
    this.knob = make("span", { class: "knob" });
    const usual = make("span", { class: "usual", title: "default" });
    this.track = make("div", { class: "track", role: "slider", tabindex: "0",
      "aria-labelledby": ids.name, "aria-describedby": ids.help,
      "aria-valuemin": row.low, "aria-valuemax": row.high }, this.fill, usual, this.knob);
    this.entry = make("input", { class: "entry", type: "text", autocomplete: "off",
      inputmode: row.low < 0 ? "text" : "decimal", "aria-label": `${row.address}, as a number` });
    this.unit = make("span", { class: "unit", text: UNITS[row.unit] ?? row.unit });
    usual.style.left = `${100 * this.#travelOf(row.default)}%`;
    this.#listen();
    this.#paint(row.default);
  }

  // A value from the desk; a hand on the slider is not fought.
  show(value) {
    if (!this.#held && performance.now() > this.#quietUntil) this.#paint(value);
  }

  #listen() {
    const { track, entry } = this;
    track.addEventListener("pointerdown", (event) => this.#down(event));
    track.addEventListener("pointermove", (event) => this.#held && this.#move(event));
    track.addEventListener("pointerup", (event) => this.#up(event));
    track.addEventListener("pointercancel", () => this.#release());
    track.addEventListener("contextmenu", (event) => event.preventDefault());
    track.addEventListener("keydown", (event) => this.#key(event));
    entry.addEventListener("focus", () => entry.select());
    entry.addEventListener("change", () => this.#typed());
    entry.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") entry.value = this.#text(this.#value);
      if (key === "Enter" || key === "Escape") entry.blur();
    });
    entry.addEventListener("blur", () => { entry.value = this.#text(this.#value); });
  }

  #down(event) {
    if (event.button !== 0) return;
    this.track.setPointerCapture(event.pointerId);
    this.#held = true;
    this.#moved = false;
    this.#last = this.#start = event.clientX;
    this.#timer = setTimeout(() => this.#setFine(true), HOLD);
    if (event.pointerType === "mouse" && !event.shiftKey) {
      const box = this.track.getBoundingClientRect();
      this.#go((event.clientX - box.left) / box.width);
    }
  }

  #move(event) {
    const gone = event.clientX - this.#start;
    if (!this.#moved && Math.abs(gone) < STILL) return;
    clearTimeout(this.#timer);
    if (!this.#moved) this.#last = this.#start + Math.sign(gone) * STILL;
    this.#moved = true;
    const way = (event.clientX - this.#last) / this.track.clientWidth;
    this.#last = event.clientX;
    this.#go(this.#travel + way * (this.#fine || event.shiftKey ? FINE : 1));
  }

  #up(event) {
    const tapped = this.#held && !this.#moved && !this.#fine;
    this.#release();
    if (!tapped) return;
    if (event.timeStamp - this.#tappedAt < DOUBLE) this.#put(this.#row.default);
    this.#tappedAt = event.timeStamp;
  }

  #release() {
    clearTimeout(this.#timer);
    this.#held = false;
    this.#setFine(false);
  }

  #setFine(fine) {
    if (fine) navigator.vibrate?.(8);
    this.#fine = fine;
    this.track.classList.toggle("fine", fine);
  }

  #key(event) {
    if (event.key === "Delete" || event.key === "Backspace") this.#put(this.#row.default);
    else if (event.key in STEPS) this.#step(STEPS[event.key] * (event.shiftKey ? FINE : 1));
    else return;
    event.preventDefault();
  }

  #step(way) {
    const whole = this.#row.kind === "int" && Math.abs(way) < 1;
    if (whole) this.#put(this.#value + Math.sign(way) * Math.max(1, Math.round(Math.abs(way) * 10)));
    else this.#go(this.#travel + way);
  }

  #typed() {
    const number = Number(this.entry.value.trim().replace(",", "."));
    const good = this.entry.value.trim() !== "" && Number.isFinite(number);
    if (good) this.#put(number);
    else this.entry.value = this.#text(this.#value);
  }

  #go(travel) {
    const { low, high, curve } = this.#row;
    const inside = Math.min(1, Math.max(0, travel));
    this.#put(low + (high - low) * inside ** curve, inside);
  }

  #put(value, travel) {
    const { address, kind, low, high } = this.#row;
    const inside = Math.min(high, Math.max(low, kind === "int" ? Math.round(value) : value));
    this.#quietUntil = performance.now() + SETTLE;
    this.#paint(inside, travel);
    this.#ask(address, inside);
  }

  #travelOf(value) {
    const { low, high, curve } = this.#row;
    return high > low ? (Math.max(0, value - low) / (high - low)) ** (1 / curve) : 0;
  }

  #paint(value, travel = this.#travelOf(value)) {
    if (value === this.#value && travel === this.#travel) return;
    this.#value = value;
    this.#travel = travel;
    const zero = Math.min(1, this.#travelOf(Math.max(0, this.#row.low)));
    this.fill.style.left = `${100 * Math.min(zero, travel)}%`;
    this.fill.style.width = `${100 * Math.abs(travel - zero)}%`;
    this.knob.style.left = `${100 * travel}%`;
    const text = this.#text(value);
    mark(this.track, "aria-valuenow", text);
    mark(this.track, "aria-valuetext", `${text} ${this.#row.unit}`.trim());
    if (document.activeElement !== this.entry) this.entry.value = text;
  }

  #text(value) {
    const { kind, low, high } = this.#row;
    const span = high - low;
    return value.toFixed(kind === "int" || span > 100 ? 0 : span > 10 ? 1 : span >= 1 ? 2 : 3);
  }
}
