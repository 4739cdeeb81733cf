// One widget for each row of the table that a hand may move, grouped by the first part of its address.

import { $, armed, freshId, make, mark, named, say, upper } from "./dom.js";
import { Pad } from "./pad.js";
import { RECORD } from "./record.js";
import { Slider } from "./slider.js";

// Controls in a group that begins open: on a phone, fewer.
const MANY = matchMedia("(min-width: 900px)").matches ? 12 : 6;
const SETTLE = 700;        // ms in which a switch shows what was asked, not what was before
const HANDS = { default: "", you: "you", panel: "another panel", osc: "OSC", key: "key", cue: "cue", route: "sound or sensor" };
const SCENE = "/scene";
const DOCK = { "/master/blackout": "Blackout", "/master/freeze": "Freeze", "/scene/safe": "Safe" };
const NOTES = { "/scene/safe": "first scene" };
const RESTARTS = { "/restart/deck_a": "Start deck A again", "/restart/deck_b": "Start deck B again" };
const CUES = ["/cue/go", "/cue/back", "/cue/hold", "/cue/clear", "/cue/jump"];  // built by cues.js
const STEPS = { "/scene/previous": "Previous", "/scene/next": "Next" };

// Builds the whole page for a table; returns what shows news: (values, holders) => void.
export function build(rows, link) {
  const shows = new Map();
  const table = new Map(rows.map((row) => [row.address, row]));
  for (const id of ["scenes", "steps", "hands", "restarts", "groups"]) $(id).replaceChildren();
  if (table.has(SCENE)) shows.set(SCENE, scenes(table.get(SCENE), link));
  place(STEPS, "steps", table, shows, link);
  place(DOCK, "hands", table, shows, link);
  place(RESTARTS, "restarts", table, shows, link);
  for (const address of [...CUES, ...RECORD]) shows.set(address, () => {});
  const rest = rows.filter((row) => row.scope !== "state" && !shows.has(row.address));
  const groups = Map.groupBy ? Map.groupBy(rest, groupOf) : groupBy(rest);
  for (const [name, members] of groups) $("groups").append(group(name, members, shows, link));
  return shows;
}

export function find(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const box of $("groups").children) {
    const rows = [...box.querySelectorAll(".control")];
    for (const row of rows) row.hidden = !wanted.every((word) => row.dataset.words.includes(word));
    box.hidden = rows.every((row) => row.hidden);
    for (const pad of box.querySelectorAll(".pad")) pad.hidden = rows.some((row) => row.hidden);
    box.open = wanted.length > 0 || opened(box.dataset.group, box.dataset.usual === "open");
    found += rows.filter((row) => !row.hidden).length;
  }
  $("nothing").hidden = found > 0;
}

function labelOf(address) {
  const parts = address.split("/").slice(1);
  const last = named(parts.slice(parts[0] === "look" ? 2 : 1).join(" ") || parts[0]);
  return upper(/^\d+$/.test(last) ? `axis ${last}` : last);
}

function groupOf({ address }) {
  const parts = address.split("/").slice(1);
  return upper(named(parts[0] === "look" && parts.length > 2 ? `look: ${parts[1]}` : parts[0]));
}

function groupBy(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(groupOf(row), [...(groups.get(groupOf(row)) ?? []), row]);
  return groups;
}

function group(name, rows, shows, link) {
  const count = make("small"), summary = make("summary", {}, make("span", { text: name }), count);
  const box = make("details", { class: "group", data: { group: name } }, summary);
  box.dataset.usual = rows.length <= MANY ? "open" : "";
  box.open = opened(name, rows.length <= MANY);
  summary.addEventListener("click", () => !$("search").value && remember(name, !box.open));
  pad(rows, box, shows, link);
  for (const row of rows) box.append(control(row, shows, link));
  shows.set(`${name}: away`, (_value, _holder, values) => say(count, away(rows, values)));
  return box;
}

// How many controls a closed group hides, and how many of them are away from their defaults.
function away(rows, values) {
  const moved = rows.filter(({ address, kind, default: usual, low, high }) =>
    kind !== "trigger" && Math.abs((values[address] ?? usual) - usual) > (high - low) / 500).length;
  return moved ? `${rows.length}, ${moved} moved` : String(rows.length);
}

// Which groups are open is this device's own matter. Long ones begin closed.
function opened(name, usual) {
  try { return JSON.parse(localStorage.getItem("groups") ?? "{}")[name] ?? usual; } catch { return usual; }
}

function remember(name, open) {
  try {
    const kept = JSON.parse(localStorage.getItem("groups") ?? "{}");
    localStorage.setItem("groups", JSON.stringify({ ...kept, [name]: open }));
  } catch { /* a browser that keeps nothing */ }
}

function pad(rows, box, shows, link) {
  const [x, y] = ["/x", "/y"].map((end) => rows.find(({ address }) => address.endsWith(end)));
  if (!x || !y) return;
  const both = new Pad(x, y, (address, value) => link.set(address, value));
  box.append(both.box);
  shows.set(`${x.address}+${y.address}`, (_value, _holder, values) => both.show(values));
}

function control(row, shows, link) {
  const ids = { name: freshId("name"), help: freshId("help") };
  const hand = make("span", { class: "hand" });
  const label = labelOf(row.address);
  const head = make("div", { class: "head" },
    make("span", { id: ids.name, class: "name", text: label, title: row.address }), hand);
  const help = make("p", { id: ids.help, class: "help", text: row.help });
  const box = make("div", { class: "control",
    data: { address: row.address, words: `${row.address} ${row.help}`.toLowerCase() } }, head);
  const show = widget(row, ids, box, head, link);
  box.append(help);
  shows.set(row.address, (value, holder) => { show(value); say(hand, HANDS[holder] ?? holder); });
  return box;
}

function widget(row, ids, box, head, link) {
  switch (row.kind) {
    case "bool": return toggle(row, head, ids, link);
    case "choice": return choice(row, head, ids, link);
    case "trigger": return trigger(row, head, ids, link);
  }
  const slider = new Slider(row, ids, (address, value) => link.set(address, value));
  head.append(slider.entry, slider.unit);
  box.append(slider.track);
  return (value) => slider.show(value);
}

function toggle(row, head, ids, link) {
  const button = make("button", { type: "button", class: "switch", role: "switch",
    "aria-checked": "false", "aria-labelledby": ids.name, "aria-describedby": ids.help });
  head.append(button);
  return flips(button, "aria-checked", row, link);
}

// A switch that shows what was asked of it at once, and the desk's truth soon after.
function flips(button, attribute, row, link, shown = () => {}) {
  let on = false, quietUntil = 0;
  const show = (value) => { on = value > 0.5; mark(button, attribute, on); shown(on); };
  button.addEventListener("click", () => {
    const asked = on ? 0 : 1;
    if (!link.set(row.address, asked)) return;
    quietUntil = performance.now() + SETTLE;
    show(asked);
  });
  return (value) => { if (performance.now() > quietUntil) show(value); };
}

function choice(row, head, ids, link) {
  const options = row.choices.map((word, place) => make("option", { text: named(word), value: place }));
  const select = make("select", { "aria-labelledby": ids.name, "aria-describedby": ids.help }, ...options);
  select.addEventListener("change", () => link.set(row.address, Number(select.value)));
  head.append(select);
  return (value) => { if (document.activeElement !== select) select.value = String(value); };
}

function trigger(row, head, ids, link) {
  const button = make("button", { type: "button", class: "plain", text: "Press", "aria-describedby": ids.help });
  button.addEventListener("click", () => link.press(row.address));
  head.append(button);
  return () => {};
}

function place(words, id, table, shows, link) {
  for (const [address, word] of Object.entries(words)) {
    const row = table.get(address);
    if (!row) continue;
    const state = make("small", { text: NOTES[address] ?? "" });
    const button = make("button", { type: "button", title: row.help, data: { address } }, make("span", { text: word }), state);
    $(id).append(button);
    if (row.kind === "bool") {
      mark(button, "aria-pressed", false);
      shows.set(address, flips(button, "aria-pressed", row, link, (on) => say(state, on ? "is on" : "off")));
    } else if (address in RESTARTS) {
      armed(button, state, "touch again", () => link.press(address));
      shows.set(address, () => {});
    } else {
      button.addEventListener("click", () => link.press(address));
      shows.set(address, () => {});
    }
  }
}

// The scene asked for, and the one that the decks' crossfade has on the wall.
function scenes(row, link) {
  const buttons = row.choices.map((word, place) => {
    const button = make("button", { type: "button", "aria-pressed": "false", data: { scene: word } },
      make("span", { text: upper(named(word)) }), make("small"));
    button.addEventListener("click", () => link.set(row.address, place));
    return button;
  });
  $("scenes").append(...buttons);
  return (value, _holder, values) => {
    const wall = values["/state/crossfade"] < 0.5 ? values["/state/deck_a"] : values["/state/deck_b"];
    buttons.forEach((button, place) => {
      mark(button, "aria-pressed", place === value);
      say(button.lastChild, place === wall ? "on the wall" : place === value ? "coming" : "");
    });
  };
}
