// The line to the desk: finds it again by itself, sends the newest of each control, asks no one to wait.

const FLUSH = 33;        // ms between two messages of values: 30 a second, whatever the finger does
const SILENT = 5000;     // ms without a word after which an open socket counts as dead
const RETRY = [300, 1000, 2000, 4000];  // ms before the next attempt

export class Link extends EventTarget {
  #socket = null;
  #pending = {};
  #flushAt = 0;
  #timer = null;
  #failures = 0;
  #watching = false;
  heardAt = null;        // performance.now() of the last word
  full = false;          // the desk is there, but has no place for one more page

  constructor() {
    super();
    setInterval(() => this.#check(), 1000);
    addEventListener("online", () => this.#connect());
    document.addEventListener("visibilitychange", () => document.hidden || this.#connect());
    this.#connect();
  }

  get open() { return this.#socket?.readyState === WebSocket.OPEN; }

  // Whether the wish is on its way.
  set(address, value) {
    if (!this.#ready()) return false;
    this.#pending[address] = value;
    const wait = this.#flushAt + FLUSH - performance.now();
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, wait));
    return true;
  }

  press(address) { if (this.#ready()) this.#send({ press: address }); }

  forget(device) { if (this.#ready()) this.#send({ forget: device }); }

  watch(wanted) {
    this.#watching = wanted;
    if (this.open) this.#send({ watch: wanted });
  }

  // A wish made while the desk is away is refused, not kept: acted on a minute later it would startle.
  #ready() {
    if (!this.open) this.#emit("refused", "Not sent: the desk cannot be reached");
    return this.open;
  }

  #flush() {
    this.#timer = null;
    this.#flushAt = performance.now();
    if (this.open) this.#send({ set: this.#pending });
    this.#pending = {};
  }

  #send(message) { this.#socket.send(JSON.stringify(message)); }

  #connect() {
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = this.#socket = new WebSocket(`${scheme}://${location.host}/live`);
    socket.binaryType = "blob";
    socket.onopen = () => { this.full = false; this.watch(this.#watching); };
    socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(data);
    socket.onclose = () => socket === this.#socket && this.#lost();
  }

  #hear(data) {
    this.#failures = 0;
    this.heardAt = performance.now();
    if (data instanceof Blob) return this.#emit("picture", data);
    const message = JSON.parse(data);
    if (message.error) this.#emit("refused", message.error);
    else this.#emit("news", message);
  }

  #lost() {
    this.#emit("lost");
    const pause = RETRY[Math.min(this.#failures++, RETRY.length - 1)];
    setTimeout(() => this.#connect(), pause * (0.8 + 0.4 * Math.random()));
    fetch("/status").then((answer) => {
      if (answer.status === 401) location.reload();  // not paired any more: the code is asked for
      this.full = answer.ok;
    }, () => { this.full = false; });
  }

  // A desk that was stopped, or a phone that changed its network, leaves a socket open and mute.
  #check() {
    if (this.open && this.heardAt && performance.now() - this.heardAt > SILENT) {
      const dead = this.#socket;
      this.#socket = null;
      dead.close();
      this.#lost();
    }
  }

  #emit(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
