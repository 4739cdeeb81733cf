// A seat at the table: the line to the desk, the sheets that lie there, and who else is here.

const RETRY = [300, 1000, 2000, 4000];  // ms before the next attempt
const SILENT = 8000;                     // ms after which a hidden page's line is looked at again

export class Seat extends EventTarget {
  #socket = null;
  #failures = 0;
  #cursor = undefined;
  #pointing = 0;
  id = "";
  name = "";
  wall = false;
  looks = false;           // whether this device may look, and change nothing
  people = [];
  sheets = new Map();

  constructor() {
    super();
    this.#connect();
    addEventListener("online", () => this.#connect());
    setInterval(() => this.open || this.#connect(), SILENT);
  }

  get open() { return this.#socket?.readyState === WebSocket.OPEN; }

  // Whether the wish is on its way. One made while the desk is away is refused, not kept.
  wish(wish) {
    if (this.looks && !wish.me && wish.cursor === undefined) {
      this.#emit("note", { text: "This device may look, not change" });
      return false;
    }
    if (this.open) this.#socket.send(wish instanceof Blob ? wish : JSON.stringify(wish));
    else this.#emit("note", { text: "Not sent: the desk cannot be reached" });
    return this.open;
  }

  call(name) {
    this.name = name;
    if (this.open) this.wish({ me: { name } });
  }

  // The newest place of our hand, twenty times a second at most.
  point(cursor) {
    this.#cursor = cursor;
    if (this.#pointing) return;
    this.#pointing = setTimeout(() => {
      this.#pointing = 0;
      if (this.open) this.wish({ cursor: this.#cursor });
    }, 50);
  }

  of(kind) { return [...this.sheets.values()].filter((sheet) => sheet.kind === kind); }

  #connect() {
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = this.#socket = new WebSocket(`${scheme}://${location.host}/explorer/live`);
    socket.binaryType = "blob";
    socket.onopen = () => { this.#failures = 0; if (this.name) this.call(this.name); this.#emit("open"); };
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onclose = () => {
      if (socket !== this.#socket) return;
      this.#emit("lost");
      setTimeout(() => this.#connect(), RETRY[Math.min(this.#failures++, RETRY.length - 1)]);
    };
  }

  #hear(data) {
    if (data instanceof Blob) return this.#emit("picture", data);
    const word = JSON.parse(data);
    if (word.you) {
      this.id = word.you;
      this.wall = word.wall;
      this.looks = word.looks;
      this.sheets = new Map(word.sheets.map((sheet) => [sheet.id, sheet]));
      this.#emit("sheets", {});
    }
    if (word.sheet) {
      this.sheets.set(word.sheet.id, word.sheet);
      this.#emit("sheets", { changed: word.sheet.id });
    }
    if (word.gone) {
      this.sheets.delete(word.gone);
      this.#emit("sheets", { gone: word.gone });
    }
    if (word.people) this.#emit("people", this.people = word.people);
    if (word.cursors) this.#emit("cursors", word.cursors);
    if (word.note || word.error) this.#emit("note", { text: word.note ?? word.error });
    for (const kind of ["sent", "waits"])
      if (word[kind] !== undefined) this.#emit(kind, { id: word[kind], warning: word.warning });
    for (const kind of ["kept", "search", "film", "ended", "beside", "models"])
      if (word[kind] !== undefined) this.#emit(kind, word[kind]);
  }

  #emit(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
