// The recorder: a lamp that cannot be overlooked, and its two buttons.

import { $, make, mark, say } from "./dom.js";

const BUTTONS = { "/record/start": "Record", "/record/stop": "Stop", "/capture/still": "Still" };
export const RECORD = Object.keys(BUTTONS);

// Builds the buttons where the show has a recorder; returns what shows the status record's `outputs`.
export function recorder(rows, link) {
  const known = RECORD.filter((address) => rows.some((row) => row.address === address));
  const buttons = new Map(known.map((address) => [address, button(address, rows, link)]));
  const lamp = make("p", { class: "recording", role: "status" }, make("span", { class: "lamp", "aria-hidden": "true" }), make("span"));
  $("record").replaceChildren(lamp, ...buttons.values());
  $("record").hidden = !known.length;
  return (outputs) => known.length && show(outputs ?? {}, lamp, buttons);
}

function button(address, rows, link) {
  const { help } = rows.find((row) => row.address === address);
  const made = make("button", { type: "button", text: BUTTONS[address], title: help, data: { address } });
  made.addEventListener("click", () => link.press(address));
  return made;
}

function show({ recording, film }, lamp, buttons) {
  const on = Boolean(recording);
  buttons.get("/record/start").hidden = on;
  buttons.get("/record/stop").hidden = !on;
  mark(lamp, "data-on", on);
  const lost = film?.dropped ? `, ${film.dropped} pictures lost` : "";
  say(lamp.lastChild, on ? `Recording ${clock(film?.seconds ?? 0)}${lost}` : "Not recording");
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
