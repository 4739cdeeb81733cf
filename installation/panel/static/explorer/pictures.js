// Pictures of recipes, from the studio: many small ones for the map, one big one under the hand.

const AT_ONCE = 4;          // of the browser's six lines; the hand's picture takes another
const KEPT = 600;           // thumbnails of 128 px: 40 MB

// Of each model's weights: a picture is kept by its address, and a model may be trained again.
export const versions = {};

export const address = (model, point, side, urgent = false) =>
  `/explorer/picture.jpg?model=${encodeURIComponent(model)}&of=${versions[model] ?? ""}&side=${side}` +
  `&point=${encodeURIComponent(JSON.stringify(point))}${urgent ? "&urgent" : ""}`;

async function fetched(url, signal) {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw Object.assign(new Error((await answer.text()).trim()), { status: answer.status });
  return createImageBitmap(await answer.blob());
}

// Thumbnails by key. Asked for anew at every drawing: what is no longer wanted is called back.
export class Thumbnails {
  #kept = new Map();
  #coming = new Map();
  #wanted = [];
  #failed = new Map();

  constructor(arrived) { this.arrived = arrived; }

  get(key) {
    const found = this.#kept.get(key);
    if (found) { this.#kept.delete(key); this.#kept.set(key, found); }
    return found;
  }

  // `wanted`: [{ key, url }], the most wanted first.
  want(wanted) {
    this.#wanted = wanted.filter(({ key }) => !this.#kept.has(key) && !this.#coming.has(key));
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, control] of this.#coming) if (!keys.has(key)) control.abort();
    this.#next();
  }

  get waiting() { return this.#wanted.length + this.#coming.size; }

  #next() {
    while (this.#coming.size < AT_ONCE && this.#wanted.length) {
      const { key, url } = this.#wanted.shift();
      if ((this.#failed.get(key) ?? 0) < performance.now()) this.#fetch(key, url);
    }
  }

  async #fetch(key, url) {
    const control = new AbortController();
    this.#coming.set(key, control);
    try {
      const image = await fetched(url, control.signal);
      this.#kept.set(key, { image, at: performance.now() });
      while (this.#kept.size > KEPT) this.#forget(this.#kept.keys().next().value);
    } catch (error) {
      if (error.name !== "AbortError") this.#failed.set(key, performance.now() + 3000);
    } finally {
      this.#coming.delete(key);
      this.arrived();
      this.#next();
    }
  }

  #forget(key) {
    this.#kept.get(key).image.close();
    this.#kept.delete(key);
  }
}

// A canvas that shows the newest of the recipes it is given; never two questions at once.
export class Frame {
  #canvas; #context; #next = null; #busy = false; #shown = "";

  constructor(canvas, side, note = () => {}) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.side = side;
    this.note = note;
  }

  get shown() { return this.#shown; }

  async show(model, point) {
    this.#next = address(model, point, this.side, true);
    if (this.#busy) return;
    this.#busy = true;
    while (this.#next) {
      const url = this.#next;
      this.#next = null;
      try {
        if (url !== this.#shown) await this.draw(await fetched(url));
        this.#shown = url;
        this.note("");
      } catch (error) { this.note(error.message); }
    }
    this.#busy = false;
  }

  async draw(image) {
    const bitmap = image instanceof Blob ? await createImageBitmap(image) : image;
    this.#canvas.width = bitmap.width;
    this.#canvas.height = bitmap.height;
    this.#context.drawImage(bitmap, 0, 0);
    bitmap.close();
    this.#shown = "";
  }
}
