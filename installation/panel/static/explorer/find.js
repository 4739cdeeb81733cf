// A picture from outside is searched for in the model: dropped here, opened by the browser alone,
// sent as a small square, and forgotten.

import { $, make, say } from "../dom.js";

const MOST = 60000;         // bytes that fit into one message
const LARGEST = 256;        // pixels that are compared
const FILE = 40e6;          // bytes of a file that is opened at all

export class Finder {
  #app; #canvas; #running = false;

  constructor(app) {
    this.#app = app;
    const box = $("find");
    const input = make("input", { type: "file", accept: "image/png,image/jpeg,image/webp", hidden: "", id: "dropped" });
    const choose = make("button", { type: "button", text: "Choose a picture" });
    this.drop = make("div", { class: "drop" }, make("p", { text: "Drop a picture here, and the model looks for the place that comes nearest" }), choose, input);
    this.#canvas = make("canvas", { width: 256, height: 256, role: "img", "aria-label": "The picture that is searched for" });
    this.bar = make("progress", { max: 1, value: 0, "aria-label": "How far the search has come" });
    this.words = make("p", { class: "help", role: "status" });
    this.cancel = make("button", { type: "button", text: "Cancel" });
    this.going = make("div", { hidden: "" }, make("div", { class: "two" }, make("figure", {}, this.#canvas, make("figcaption", { text: "Yours" }))), this.bar, this.words, this.cancel);
    box.append(this.drop, this.going, make("p", { class: "help", text: "The picture stays in this page and is gone with it." }));
    choose.addEventListener("click", () => input.click());
    input.addEventListener("change", () => { this.search(input.files[0]); input.value = ""; });
    this.cancel.addEventListener("click", () => app.seat.wish({ cancel: true }));
    app.seat.addEventListener("search", ({ detail }) => this.#hear(detail));
    app.seat.addEventListener("picture", ({ detail }) => this.#running && app.frame.draw(detail));
    app.seat.addEventListener("ended", () => this.#end("Left."));
    for (const kind of ["dragover", "dragleave", "drop"]) addEventListener(kind, (event) => this.#dragged(event));
  }

  async search(file) {
    try {
      if (!file || file.size > FILE) throw new Error("is too large");
      const image = await createImageBitmap(file);
      const side = Math.min(LARGEST, this.#app.info.side), square = Math.min(image.width, image.height);
      const left = (image.width - square) / 2, top = (image.height - square) / 2;
      Object.assign(this.#canvas, { width: side, height: side });
      const context = this.#canvas.getContext("2d");
      context.imageSmoothingQuality = "high";
      context.drawImage(image, left, top, square, square, 0, 0, side, side);
      image.close();
      await this.#send();
    } catch (error) {
      this.#app.note(`${file?.name ?? "That"} ${error.message.includes("large") ? "is too large" : "is no picture that this browser can open"}`);
    }
  }

  async #send() {
    const jpeg = await small(this.#canvas);
    if (!this.#app.seat.wish({ search: { model: this.#app.model } })) return;
    this.#app.seat.wish(jpeg);
    this.#running = true;
    this.going.hidden = false;
    this.cancel.hidden = false;
    this.bar.value = 0;
    say(this.words, "Looking around");
    this.#app.open("find");
  }

  #hear({ done, l1, found }) {
    this.bar.value = done;
    say(this.words, found ? `Found: ${(255 * l1).toFixed(1)} of 255 grey levels away on average` : `${Math.round(100 * done)} %, ${(255 * l1).toFixed(1)} levels away`);
    if (!found) return;
    this.#end(this.words.textContent);
    this.#app.go({ start: { place: found } }, this.words.textContent);
  }

  #end(words) {
    if (!this.#running) return;
    this.#running = false;
    this.cancel.hidden = true;
    say(this.words, words);
  }

  #dragged(event) {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    this.drop.classList.toggle("over", event.type === "dragover");
    if (event.type !== "drop") return;
    const files = [...event.dataTransfer.files];
    if (files[0]?.name.endsWith(".json")) this.#app.shelf.bring(files);
    else this.search(files[0]);
  }
}

async function small(canvas) {
  for (const quality of [0.95, 0.85, 0.7, 0.5]) {
    const jpeg = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (jpeg.size <= MOST) return jpeg;
  }
  throw new Error("is too large");
}
