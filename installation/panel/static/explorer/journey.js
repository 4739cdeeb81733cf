// Places put in an order: how long the way from each takes, how it eases, how long it is held.

import { $, make, say } from "../dom.js";

const EASINGS = ["smooth", "linear", "in", "out"];
const WAYS = { spline: "in a curve", circle: "along great circles", line: "in straight lines" };
const SETTLE = 350;         // ms after the last change before it is sent
const STEP = 1 / 24;        // s: the pictures of a journey that are asked for, so that they are met again

export class Journeys {
  #app; #id = ""; #draft = null; #timer = 0; #playing = 0; #at = 0; #waiting = [];

  constructor(app) {
    this.#app = app;
    this.#build($("journey"));
    app.seat.addEventListener("sheets", ({ detail }) => this.#sheets(detail));
    app.seat.addEventListener("kept", ({ detail }) => { this.#waiting.shift()?.(detail); this.#kept(detail); });
    app.seat.addEventListener("beside", ({ detail }) => { if (this.#id) this.#open(detail); });
    app.seat.addEventListener("film", ({ detail }) => this.#filmed(detail));
    app.seat.addEventListener("ended", () => this.#filming(false));
    app.addEventListener("tab", ({ detail }) => detail === "journey" || this.#stop());
  }

  // The id of a point kept as a place; it may be kept already.
  kept(point, name) {
    if (point.start.place && Object.keys(point).length === 1) return Promise.resolve(point.start.place);
    return new Promise((done) => {
      this.#waiting.push(done);
      this.#app.seat.wish({ keep: { model: this.#app.model, point, name } });
    });
  }

  begin(places = []) {
    const number = this.#app.seat.of("journey").length + 1;
    this.#app.open("journey");
    this.#app.seat.wish({ make: { name: `Journey ${number}`, stops: places.map((place) => ({ place })) } });
  }

  add(place) {
    if (!this.#draft) return this.begin([place]);
    this.#draft.stops.push({ place, seconds: 8, easing: "smooth", hold: 0 });
    this.#app.open("journey");
    this.#changed();
  }

  get duration() {
    const { stops = [], closed } = this.#draft ?? {};
    const way = closed ? stops : stops.slice(0, -1);
    return stops.reduce((sum, { hold }) => sum + hold, 0) + way.reduce((sum, { seconds }) => sum + seconds, 0);
  }

  #build(box) {
    const button = (text, act, name = "") => {
      const made = make("button", { type: "button", text, class: name });
      made.addEventListener("click", act);
      return made;
    };
    this.list = make("select", { "aria-label": "Which journey", id: "journeys" });
    this.list.addEventListener("change", () => this.#open(this.list.value));
    this.name = make("input", { maxlength: 80, "aria-label": "Name of the journey" });
    this.name.addEventListener("input", () => { this.#draft.name = this.name.value.trim() || "Journey"; this.#changed(false); });
    this.way = make("select", { "aria-label": "How it goes" }, ...Object.entries(WAYS).map(([value, text]) => make("option", { value, text })));
    this.way.addEventListener("change", () => { this.#draft.way = this.way.value; this.#changed(); });
    this.closed = make("input", { type: "checkbox" });
    this.closed.addEventListener("change", () => { this.#draft.closed = this.closed.checked; this.#changed(); });
    this.stops = make("ol", { class: "stops" });
    this.empty = make("p", { class: "help", text: "Choose a kept place below, then Add to journey." });
    this.play = button("Play", () => this.#playing ? this.#stop() : this.#start(), "main");
    this.time = make("input", { type: "range", min: 0, max: 1, step: 0.01, value: 0, "aria-label": "Second of the journey" });
    this.time.addEventListener("input", () => { this.#stop(); this.#seek(Number(this.time.value)); });
    this.clock = make("span", { class: "help" });
    this.wall = button("To the wall", () => this.#app.seat.wish({ show: { id: this.#id } }));
    this.cue = button("As next cue", () => this.#app.seat.wish({ show: { id: this.#id, go: true } }));
    this.film = button("Film", () => this.#film(false));
    this.zip = button("PNG pictures", () => this.#film(true));
    this.bar = make("progress", { max: 1, value: 0, hidden: "", "aria-label": "How far the film is" });
    this.file = make("a", { class: "button", text: "Save file" });
    this.ready = make("p", { class: "help", role: "status" });
    this.editor = make("div", { hidden: "" },
      make("div", { class: "row" }, this.name, this.way, make("label", { class: "check" }, this.closed, "closed")),
      this.stops, this.empty,
      make("div", { class: "row" }, this.play, this.time, this.clock),
      make("div", { class: "row" }, this.wall, this.cue, this.film, this.zip, this.file, button("Remove", () => this.#remove())),
      this.bar, this.ready);
    box.append(make("div", { class: "row" }, this.list, button("New journey", () => this.begin())), this.editor);
    this.editor.style.display = "grid";
    this.editor.style.gap = "12px";
    this.#show();
  }

  #sheets({ changed, gone }) {
    if (gone && gone === this.#id) this.#close();
    const mine = this.#app.seat.sheets.get(this.#id);
    // A change of ours that is still to be sent is not lost: the desk keeps both, and says so.
    if (mine && (changed === this.#id || changed === undefined) && !this.#timer) this.#open(this.#id);
    this.#list();
  }

  #kept(id) {
    if (id !== this.#id && this.#app.seat.sheets.get(id)?.kind === "journey") this.#open(id);
  }

  #list() {
    const journeys = this.#app.seat.of("journey");
    this.list.replaceChildren(make("option", { value: "", text: journeys.length ? "Choose a journey" : "No journey yet" }),
      ...journeys.map(({ id, name }) => make("option", { value: id, text: name })));
    this.list.value = this.#id;
  }

  #open(id) {
    const sheet = this.#app.seat.sheets.get(id);
    if (!sheet) return this.#close();
    if (id !== this.#id) this.#stop();
    this.#id = id;
    this.#draft = structuredClone(sheet);
    this.#show();
    this.#list();
  }

  #close() {
    this.#stop();
    this.#id = "";
    this.#draft = null;
    this.#show();
  }

  #show() {
    const draft = this.#draft;
    this.editor.hidden = !draft;
    if (!draft) return;
    if (document.activeElement !== this.name) this.name.value = draft.name;
    this.way.value = draft.way;
    this.closed.checked = draft.closed;
    this.wall.hidden = this.cue.hidden = !this.#app.seat.wall;
    this.file.href = `/explorer/sheet/${this.#id}.json`;
    this.empty.hidden = draft.stops.length > 1;
    for (const each of [this.play, this.film, this.zip, this.wall, this.cue]) each.disabled = !draft.stops.length;
    this.time.max = this.duration;
    this.#rows();
    this.#app.limit();
    this.#tell();
  }

  #rows() {
    if (this.stops.contains(document.activeElement) && this.stops.children.length === this.#draft.stops.length
      && document.activeElement.tagName !== "BUTTON") return;
    this.stops.replaceChildren(...this.#draft.stops.map((stop, place) => this.#row(stop, place)));
  }

  #row(stop, place) {
    const sheet = this.#app.seat.sheets.get(stop.place), last = place === this.#draft.stops.length - 1 && !this.#draft.closed;
    const number = (key, words) => {
      const input = make("input", { type: "number", min: 0, max: 3600, step: "any", value: stop[key], "aria-label": `${words} of stop ${place + 1}, seconds` });
      input.addEventListener("input", () => {
        if (input.value === "" || !input.checkValidity()) return;
        stop[key] = Number(input.value);
        this.#changed(false);
      });
      return input;
    };
    const easing = make("select", { "aria-label": `Easing after stop ${place + 1}` }, ...EASINGS.map((text) => make("option", { text, value: text })));
    easing.value = stop.easing;
    easing.addEventListener("change", () => { stop.easing = easing.value; this.#changed(); });
    const move = (text, label, by) => {
      const made = make("button", { type: "button", text, "aria-label": `${label} stop ${place + 1}` });
      made.addEventListener("click", () => this.#move(place, by));
      return made;
    };
    return make("li", {}, make("img", { src: `/explorer/sheet/${stop.place}.jpg`, alt: "" }),
      make("span", { text: sheet?.name ?? "gone" }),
      make("span", { class: "move" }, move("↑", "Earlier:", -1), move("↓", "Later:", 1), move("×", "Take out", 0)),
      make("span", { class: "times" }, "hold", number("hold", "Hold"), last ? "s" : "s, then", ...(last ? [] : [number("seconds", "Way"), "s", easing])));
  }

  #move(place, by) {
    const { stops } = this.#draft, [stop] = stops.splice(place, 1);
    if (by) stops.splice(Math.max(0, place + by), 0, stop);
    this.#changed();
  }

  #changed(rows = true) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), SETTLE);
    if (rows) this.#show();
    else { this.time.max = this.duration; this.#tell(); }
  }

  #send() {
    this.#timer = 0;
    const { version, name, note, way, closed, stops } = this.#draft;
    this.#app.seat.wish({ change: { id: this.#id, base: version, words: { name, note, way, closed, stops } } });
  }

  #remove() {
    const { name, version } = this.#draft, id = this.#id;
    if (this.#app.seat.wish({ remove: { id, base: version } }))
      this.#app.note(`${name} is taken away`, "Put back", () => this.#app.seat.wish({ restore: { id } }));
  }

  #start() {
    let then = performance.now();
    if (this.#at >= this.duration) this.#at = 0;
    const step = (now) => {
      if (!this.#playing) return;
      this.#at += (now - then) / 1000;
      then = now;
      if (this.#draft.closed) this.#at %= Math.max(this.duration, 0.001);
      this.#seek(Math.min(this.#at, this.duration));
      if (this.#at >= this.duration) return this.#stop();
      this.#playing = requestAnimationFrame(step);
    };
    say(this.play, "Stop");
    this.#playing = requestAnimationFrame(step);
  }

  #stop() {
    cancelAnimationFrame(this.#playing);
    this.#playing = 0;
    say(this.play, "Play");
  }

  #seek(seconds) {
    this.#at = seconds;
    this.time.value = seconds;
    this.#tell();
    const way = { journey: this.#id, seconds: Math.round(seconds / STEP) * STEP, version: this.#draft.version };
    this.#app.go({ start: { way } }, `${this.#draft.name}, second ${seconds.toFixed(1)}`, "journey");
  }

  #tell() { say(this.clock, `${this.#at.toFixed(1)} / ${this.duration.toFixed(1)} s`); }

  #film(pictures) {
    if (this.#app.seat.wish({ film: { id: this.#id, model: this.#app.model, pictures } })) this.#filming(true);
  }

  #filming(on) {
    this.bar.hidden = !on;
    this.bar.value = 0;
    say(this.ready, on ? "The film is being made" : "");
  }

  #filmed({ done, name }) {
    this.bar.value = done;
    if (!name) return;
    this.bar.hidden = true;
    this.ready.replaceChildren("Ready: ", make("a", { href: `/explorer/film/${encodeURIComponent(name)}`, text: name }));
  }
}
