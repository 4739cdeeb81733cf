// The kept places along the table's edge, everybody's.

import { $, make } from "../dom.js";

const MOST = 60000;         // bytes of a file that fit into one message

export class Shelf {
  #app; #chosen = "";

  constructor(app) {
    this.#app = app;
    app.seat.addEventListener("sheets", ({ detail }) => this.#show(detail.changed));
    app.seat.addEventListener("kept", ({ detail }) => {
      if (app.seat.sheets.get(detail)?.kind !== "place") return;
      this.#chosen = detail;
      this.#show();
    });
    app.addEventListener("model", () => this.#show());
    app.addEventListener("here", ({ detail }) => { if (detail !== "shelf" && detail !== "steer") { this.#chosen = ""; this.#show(); } });
    $("walk").addEventListener("click", () => { app.seat.wish({ show: { id: null } }); });
    $("bring").addEventListener("click", () => $("file").click());
    $("file").addEventListener("change", ({ target }) => { this.bring(target.files); target.value = ""; });
  }

  picture = ({ id }) => `/explorer/sheet/${id}.jpg`;

  // Files with a place or a journey, dropped or chosen.
  async bring(files) {
    for (const file of files) {
      try {
        if (file.size > MOST) throw new Error(`is larger than ${MOST / 1000} kB; bring its places one by one`);
        this.#app.seat.wish({ bring: JSON.parse(await file.text()) });
      } catch (error) {
        this.#app.note(`${file.name} ${error instanceof SyntaxError ? "is no JSON file" : error.message}`);
      }
    }
  }

  #show(changed = "") {
    const places = this.#app.seat.of("place");
    $("walk").hidden = !this.#app.seat.wall;
    $("bare").hidden = places.length > 0;
    $("places").replaceChildren(...places.map((sheet) => this.#card(sheet, sheet.id === changed)));
    this.#doings(this.#app.seat.sheets.get(this.#chosen));
  }

  #card(sheet, fresh) {
    const other = this.#app.info && sheet.model.sha256 && sheet.model.sha256 !== this.#app.info.sha256;
    const button = make("button", { type: "button", "aria-pressed": String(sheet.id === this.#chosen), data: { id: sheet.id },
      title: [sheet.name, sheet.note].filter(Boolean).join(": ") },
      make("img", { src: this.picture(sheet), alt: "", loading: "lazy", width: 104, height: 104 }),
      make("span", { text: sheet.name }),
      make("small", { text: other ? `of ${sheet.model.name || "another model"}` : sheet.author || " " }));
    button.addEventListener("click", () => this.#take(sheet));
    return make("li", { class: fresh ? "fresh" : "" }, button);
  }

  async #take(sheet) {
    this.#chosen = sheet.id;
    const models = [...$("model").options].map(({ value }) => value);
    if (sheet.model.sha256 && sheet.model.sha256 !== this.#app.info?.sha256 && models.includes(sheet.model.name))
      await this.#app.choose(sheet.model.name);
    const by = sheet.author ? `, kept by ${sheet.author}` : "";
    this.#app.go({ start: { place: sheet.id } }, `${sheet.name}${by}${sheet.note ? `. ${sheet.note}` : ""}`, "shelf");
    this.#show();
  }

  #doings(sheet) {
    const box = $("doing"), app = this.#app, { seat } = app;
    box.hidden = !sheet || sheet.kind !== "place";
    if (box.hidden) return;
    if (box.dataset.of === `${sheet.id} ${sheet.version}`) return;
    box.dataset.of = `${sheet.id} ${sheet.version}`;
    const point = { start: { place: sheet.id } };
    const button = (text, act, name = "") => {
      const made = make("button", { type: "button", text, class: name });
      made.addEventListener("click", act);
      return made;
    };
    const name = make("input", { value: sheet.name, maxlength: 80, "aria-label": "Name of the chosen place", class: "rename changes" });
    name.addEventListener("change", () => name.value.trim() &&
      seat.wish({ change: { id: sheet.id, base: sheet.version, words: { name: name.value.trim() } } }));
    const file = make("a", { href: `/explorer/sheet/${sheet.id}.json`, text: "Save file", class: "button" });
    box.replaceChildren(name, button("A", () => app.pair.take("a", point)), button("B", () => app.pair.take("b", point)),
      button("Add to journey", () => app.journeys.add(sheet.id), "changes"),
      ...(seat.wall ? [button("To the wall", () => seat.wish({ show: { id: sheet.id } })),
        button("As next cue", () => seat.wish({ show: { id: sheet.id, go: true } }))] : []),
      file, button("Remove", () => this.#remove(sheet), "changes"));
    app.limit();
  }

  #remove(sheet) {
    if (!this.#app.seat.wish({ remove: { id: sheet.id, base: sheet.version } })) return;
    const gone = ({ detail }) => {
      if (detail.gone !== sheet.id) return;
      this.#app.seat.removeEventListener("sheets", gone);
      this.#app.note(`${sheet.name} is off the shelf`, "Put back", () => this.#app.seat.wish({ restore: { id: sheet.id } }));
    };
    this.#app.seat.addEventListener("sheets", gone);
  }
}
