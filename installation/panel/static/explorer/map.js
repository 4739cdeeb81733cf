// The map: a table of pictures without an edge. Drag to travel, wheel or pinch to come closer.
// A card lies at every multiple of 2^-level; coming closer, the next level's cards appear between.

import { address, Thumbnails, versions } from "./pictures.js";

const CARD = 132;           // px a card is wide when its level is just right
const GAP = 0.035;          // of a card, left black around it
const LEVELS = [-5, 9];
const EDGE = 60000;         // units: beyond, the server takes no coordinate
const FADE = 260;           // ms a new card takes to come up
const SLIP = 6;             // px a finger may slip and still have tapped
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

export class Chart extends EventTarget {
  #canvas; #context; #pixels = 1; #width = 0; #height = 0;
  #x = 0; #y = 0; #scale = CARD; #thumbs; #fingers = {}; #slipped = 0; #pinch = 0; #asked = 0;
  #name = ""; #recipe = () => null; #model = ""; #mark = null; #focused = false;

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.#thumbs = new Thumbnails(() => this.draw());
    new ResizeObserver(() => this.#resize()).observe(canvas);
    this.#listen();
  }

  // `recipe(x, y)` gives a card's recipe; `name` tells one map from another.
  lay(model, name, recipe) {
    this.#model = model; this.#name = `${model} ${versions[model]} ${name}`; this.#recipe = recipe; this.#mark = null;
    this.draw();
  }

  get centre() { return { x: this.#x, y: this.#y, scale: this.#scale }; }
  get waiting() { return this.#thumbs.waiting; }

  go(x, y, scale = this.#scale) {
    this.#x = Math.min(EDGE, Math.max(-EDGE, x));
    this.#y = Math.min(EDGE, Math.max(-EDGE, y));
    this.#scale = Math.min(CARD * 2 ** (LEVELS[1] + 0.4), Math.max(CARD * 2 ** (LEVELS[0] - 0.4), scale));
    this.draw();
    this.dispatchEvent(new Event("moved"));
  }

  zoom(factor, px = this.#width / 2, py = this.#height / 2) {
    const [x, y] = this.unit(px, py), before = this.#scale;
    this.go(this.#x, this.#y, this.#scale * factor);
    const kept = before / this.#scale;
    this.go(x + (this.#x - x) * kept, y + (this.#y - y) * kept);
  }

  unit(px, py) {
    return [this.#x + (px - this.#width / 2) / this.#scale, this.#y - (py - this.#height / 2) / this.#scale];
  }

  pixel(x, y) {
    return [this.#width / 2 + (x - this.#x) * this.#scale, this.#height / 2 - (y - this.#y) * this.#scale];
  }

  // The card under a pixel becomes the present picture.
  take(px = this.#width / 2, py = this.#height / 2) {
    const step = 2 ** -this.#level, [x, y] = this.unit(px, py);
    this.#mark = { x: Math.round(x / step) * step, y: Math.round(y / step) * step };
    this.draw();
    this.dispatchEvent(new CustomEvent("take", { detail: { ...this.#mark, point: this.#recipe(this.#mark.x, this.#mark.y) } }));
  }

  draw() { this.#asked ||= requestAnimationFrame(() => { this.#asked = 0; this.#paint(); }); }

  get #level() {
    return Math.min(LEVELS[1], Math.max(LEVELS[0], Math.round(Math.log2(this.#scale / CARD))));
  }

  #paint() {
    const context = this.#context, level = this.#level, wanted = [];
    context.setTransform(this.#pixels, 0, 0, this.#pixels, 0, 0);
    context.fillStyle = "#050607";
    context.fillRect(0, 0, this.#width, this.#height);
    if (!this.#model) return;
    let young = false;
    for (const card of this.#cards(level)) {
      const thumb = this.#thumbs.get(card.key);
      wanted.push(card);
      if (thumb) young = this.#card(card, thumb) || young;
      else this.#bare(card);
    }
    this.#ring();
    wanted.sort((a, b) => a.far - b.far);
    this.#thumbs.want(wanted);
    if (young) this.draw();
  }

  *#cards(level) {
    const step = 2 ** -level, size = step * this.#scale;
    const [left, top] = this.unit(-size / 2, -size / 2), [right, low] = this.unit(this.#width + size / 2, this.#height + size / 2);
    for (let j = Math.ceil(low / step); j * step <= top; j++)
      for (let i = Math.ceil(left / step); i * step <= right; i++) {
        const x = i * step, y = j * step, [px, py] = this.pixel(x, y);
        const point = this.#recipe(x, y);
        yield { px, py, size, key: `${this.#name} ${x} ${y}`, url: address(this.#model, point, 128),
          far: Math.hypot(px - this.#width / 2, py - this.#height / 2) };
      }
  }

  #card({ px, py, size }, { image, at }) {
    const context = this.#context, age = STILL.matches ? 1 : Math.min(1, (performance.now() - at) / FADE);
    const side = size * (1 - 2 * GAP), wide = Math.max(image.width, image.height);
    const width = side * image.width / wide, height = side * image.height / wide;
    context.globalAlpha = age;
    context.drawImage(image, px - width / 2, py - height / 2, width, height);
    context.globalAlpha = 1;
    return age < 1;
  }

  #bare({ px, py, size }) {
    const side = size * (1 - 2 * GAP);
    this.#context.fillStyle = "#ffffff09";
    this.#context.fillRect(px - side / 2, py - side / 2, side, side);
  }

  #ring() {
    const context = this.#context, side = 2 ** -this.#level * this.#scale;
    const frame = (x, y, style, width) => {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.strokeRect(x - side / 2 + 2, y - side / 2 + 2, side - 4, side - 4);
    };
    if (this.#mark) frame(...this.pixel(this.#mark.x, this.#mark.y), "#e3b483", 3);
    if (!this.#focused) return;
    const step = 2 ** -this.#level;
    frame(...this.pixel(Math.round(this.#x / step) * step, Math.round(this.#y / step) * step), "#ece8e1", 1.5);
  }

  #resize() {
    const box = this.#canvas.getBoundingClientRect();
    this.#pixels = Math.min(2, devicePixelRatio || 1);
    [this.#width, this.#height] = [box.width, box.height];
    this.#canvas.width = Math.round(box.width * this.#pixels);
    this.#canvas.height = Math.round(box.height * this.#pixels);
    this.#paint();
    this.dispatchEvent(new Event("moved"));
  }

  #listen() {
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => this.#up(event));
    canvas.addEventListener("pointerleave", () => this.dispatchEvent(new CustomEvent("hand", { detail: null })));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const [px, py] = this.#local(event), lines = event.deltaMode ? 30 : 1;
      this.zoom(2 ** (-Math.max(-240, Math.min(240, event.deltaY * lines)) / 300), px, py);
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("focus", () => { this.#focused = canvas.matches(":focus-visible"); this.draw(); });
    canvas.addEventListener("blur", () => { this.#focused = false; this.draw(); });
  }

  #local(event) {
    const box = this.#canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #down(event) {
    if (event.button) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#fingers[event.pointerId] = this.#local(event);
    this.#slipped = Object.keys(this.#fingers).length > 1 ? Infinity : 0;
    this.#pinch = 0;
    this.#canvas.classList.add("held");
  }

  #move(event) {
    const now = this.#local(event), before = this.#fingers[event.pointerId];
    const [x, y] = this.unit(...now);
    this.dispatchEvent(new CustomEvent("hand", { detail: { x, y } }));
    if (!before) return;
    this.#fingers[event.pointerId] = now;
    const fingers = Object.values(this.#fingers);
    const share = 1 / fingers.length;
    this.#slipped += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (this.#slipped < SLIP) return;
    this.go(this.#x - (now[0] - before[0]) * share / this.#scale, this.#y + (now[1] - before[1]) * share / this.#scale);
    if (fingers.length === 2) this.#spread(fingers);
  }

  #spread([a, b]) {
    const apart = Math.hypot(a[0] - b[0], a[1] - b[1]);
    if (this.#pinch) this.zoom(apart / this.#pinch, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    this.#pinch = apart;
  }

  #up(event) {
    const held = this.#fingers[event.pointerId];
    delete this.#fingers[event.pointerId];
    this.#pinch = 0;
    if (!Object.keys(this.#fingers).length) this.#canvas.classList.remove("held");
    if (held && event.type === "pointerup" && this.#slipped < SLIP) this.take(...this.#local(event));
  }

  #key(event) {
    const step = 2 ** -this.#level;
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    this.#focused = true;
    if (ways[event.key]) {
      const [i, j] = ways[event.key];
      this.go(Math.round(this.#x / step + i) * step, Math.round(this.#y / step + j) * step);
    } else if (event.key === "+" || event.key === "=") this.zoom(2 ** 0.5);
    else if (event.key === "-") this.zoom(2 ** -0.5);
    else if (event.key === "Home") this.go(0, 0, CARD);
    else if (event.key === "Enter" || event.key === " ") this.take();
    else return;
    event.preventDefault();
  }
}
