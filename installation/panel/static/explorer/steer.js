// The present picture in the hand: shuffle it, push it along named ways, keep it as a place.

import { $, freshId, make, upper } from "../dom.js";
import { Slider } from "../slider.js";

const FIRST = 8;            // ways that are open from the start
const PSI = { address: "psi", kind: "float", low: 0, high: 1.5, default: 1, unit: "", curve: 1 };

export class Steer {
  #app; #sliders = new Map();

  constructor(app) {
    this.#app = app;
    app.addEventListener("model", () => this.#build());
    app.addEventListener("here", ({ detail }) => detail !== "steer" && this.#show());
    $("shuffle").addEventListener("click", () => {
      const seed = Math.floor(Math.random() * 2 ** 32);
      app.go({ start: { seed } }, `Seed ${seed}`);
    });
    $("straight").addEventListener("click", () => app.go({ start: app.point.start }, $("caption").textContent));
    $("to-a").addEventListener("click", () => app.pair.take("a", app.point));
    $("to-b").addEventListener("click", () => app.pair.take("b", app.point));
    $("keeping").addEventListener("submit", (event) => { event.preventDefault(); this.#keep(); });
    app.seat.addEventListener("kept", ({ detail }) => {
      const kept = app.seat.sheets.get(detail)?.name === $("name").value.trim();
      if (kept) $("name").value = $("remark").value = "";  // not what was typed meanwhile
    });
  }

  #keep() {
    const name = $("name").value.trim();
    if (name) this.#app.seat.wish({ keep: { model: this.#app.model, point: this.#app.point, name, note: $("remark").value.trim() } });
  }

  #build() {
    this.#sliders.clear();
    const rows = [PSI, ...this.#app.info.ways.map(({ name, span: [low, high] }) =>
      ({ address: name, kind: "float", low, high, default: 0, unit: "sd", curve: 1 }))];
    const controls = rows.map((row) => this.#control(row));
    const more = make("details", {}, make("summary", { text: `All ${rows.length} ways` }), ...controls.slice(FIRST));
    $("ways").replaceChildren(...controls.slice(0, FIRST), ...(controls.length > FIRST ? [more] : []));
    this.#show();
  }

  #control(row) {
    const ids = { name: freshId("way"), help: freshId("help") };
    const slider = new Slider(row, ids, (name, value) => this.#push(name, value));
    this.#sliders.set(row.address, slider);
    const words = row === PSI ? "Truncation" : upper(row.address);
    const help = row === PSI ? "1 leaves the place where it is, 0 draws it to the average" : `Push along ${row.address}`;
    return make("div", { class: "control", data: { way: row.address } },
      make("div", { class: "head" }, make("span", { id: ids.name, class: "name", text: words }),
        make("span", { class: "hand" }), slider.entry, slider.unit),
      slider.track, make("p", { id: ids.help, class: "unseen", text: help }));
  }

  #push(name, value) {
    const point = structuredClone(this.#app.point);
    if (name === "psi") point.psi = value;
    else {
      point.push = { ...point.push, [name]: value };
      if (Math.abs(value) < 1e-6) delete point.push[name];
    }
    this.#app.go(point, $("caption").textContent, "steer");
  }

  #show() {
    const { push = {}, psi = 1 } = this.#app.point;
    for (const [name, slider] of this.#sliders) slider.show(name === "psi" ? psi : push[name] ?? 0);
  }
}
