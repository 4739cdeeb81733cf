// Which map lies on the table: an endless sheet of seeds, or a plane of two named ways.

import { $, make, say } from "../dom.js";

const CARD = 132;

export class View {
  #app; #view = { kind: "sheet", seed: 0 };

  constructor(app) {
    this.#app = app;
    $("view").addEventListener("submit", (event) => event.preventDefault());
    $("kind").addEventListener("change", () => this.#chosen(true));
    for (const id of ["across", "up"]) $(id).addEventListener("change", () => this.#chosen(false));
    $("centre").addEventListener("click", () => this.#chosen(true));
    $("other").addEventListener("click", () => this.show({ kind: "sheet", seed: 1 + Math.floor(Math.random() * 2 ** 31) }));
    for (const button of $("zoom").children)
      button.addEventListener("click", () => this.#zoom(Number(button.dataset.zoom)));
    app.addEventListener("model", () => this.#fresh());
    app.chart.addEventListener("moved", () => this.#say());
    app.chart.addEventListener("take", ({ detail }) => app.go(detail.point, this.#words(detail), "map"));
  }

  get name() { return JSON.stringify(this.#view); }

  // Lay another map, at a place of it.
  show(view, { x = 0, y = 0, scale = CARD } = {}) {
    this.#view = view;
    $("kind").value = view.kind;
    $("plane").hidden = view.kind !== "plane";
    $("other").hidden = view.kind === "plane";
    if (view.kind === "plane") { $("across").value = view.a; $("up").value = view.b; }
    this.#app.chart.lay(this.#app.model, this.name, (x, y) => this.recipe(x, y));
    this.#app.chart.go(x, y, scale);
  }

  recipe(x, y) {
    const view = this.#view;
    if (view.kind === "sheet") return { start: { sheet: { seed: view.seed, x, y } } };
    const push = { ...view.base.push };
    const reach = (amount) => Math.min(8, Math.max(-8, amount));
    push[view.a] = reach((push[view.a] ?? 0) + x);
    push[view.b] = reach((push[view.b] ?? 0) + y);
    return { ...view.base, push };
  }

  #fresh() {
    const names = this.#app.info.ways.map(({ name }) => name);
    for (const id of ["across", "up"])
      $(id).replaceChildren(...names.map((name) => make("option", { text: name, value: name })));
    [$("across").value, $("up").value] = ["pca 1", "pca 2"];
    this.show({ kind: "sheet", seed: 0 });
  }

  #chosen(around) {
    if ($("kind").value === "sheet") return this.show({ kind: "sheet", seed: 0 });
    const base = around || this.#view.kind !== "plane" ? this.#app.point : this.#view.base;
    this.show({ kind: "plane", a: $("across").value, b: $("up").value, base });
  }

  #zoom(way) {
    if (way) this.#app.chart.zoom(2 ** way);
    else this.show(this.#view);
  }

  #say() {
    const { x, y, scale } = this.#app.chart.centre;
    const digits = Math.max(0, Math.ceil(Math.log10(scale / CARD) + 0.7));
    const number = (value) => value.toFixed(Math.min(4, digits)).replace(/^-(?=[0.]*$)/, "").replace("-", "−");
    const view = this.#view;
    const names = view.kind === "plane" ? [`${view.a} `, `${view.b} `] : ["", ""];
    say($("where"), `${names[0]}${number(x)}, ${names[1]}${number(y)}`);
  }

  #words({ x, y }) {
    const view = this.#view;
    return view.kind === "sheet" ? `Sheet ${view.seed}, at ${x}, ${y}` : `${view.a} ${x}, ${view.b} ${y}`;
  }
}
