// The picture on the wall: asked for only while somebody can see it here.

import { $, say } from "./dom.js";
import { span } from "./report.js";

const OLD = 2;             // s; an older picture must not pass for a live one

export class Picture {
  #canvas = $("picture").querySelector("canvas");
  #context = this.#canvas.getContext("2d", { alpha: false });
  #busy = false;
  #seen = false;

  constructor(link) {
    const wish = () => link.watch(!document.hidden && this.#seen);
    new IntersectionObserver((entries) => { this.#seen = entries.at(-1).isIntersecting; wish(); })
      .observe($("picture"));
    document.addEventListener("visibilitychange", wish);
    link.addEventListener("picture", ({ detail }) => this.#draw(detail));
    $("picture").addEventListener("click", () => this.#enlarge());
  }

  note(status, values, lost) {
    const age = status.health?.stage?.picture_age;
    const notes = [];
    if (lost) notes.push("not live");
    if (values["/master/blackout"] > 0.5) notes.push("blackout");
    if (values["/master/freeze"] > 0.5) notes.push("frozen");
    else if (!lost && age > OLD) notes.push(`${span(age)} old`);
    $("note").hidden = !notes.length;
    say($("note"), notes.join(" · "));
  }

  async #draw(blob) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const image = await createImageBitmap(blob);
      if (this.#canvas.width !== image.width) this.#canvas.width = image.width;
      if (this.#canvas.height !== image.height) this.#canvas.height = image.height;
      this.#context.drawImage(image, 0, 0);
      image.close();
    } finally {
      this.#busy = false;
    }
  }

  // Phones without full screen for elements get a page-filling picture instead.
  #enlarge() {
    const box = $("picture");
    if (document.fullscreenElement) document.exitFullscreen();
    else if (box.requestFullscreen) box.requestFullscreen().catch(() => box.classList.toggle("large"));
    else box.classList.toggle("large");
  }
}
