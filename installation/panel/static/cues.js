// The cue list: GO, BACK and HOLD, what stands, what is next, and any cue in two touches.

import { $, armed, make, mark, named, say, upper } from "./dom.js";
import { span } from "./report.js";

const CALLS = { "/cue/back": ["Back", "Shift+G"], "/cue/hold": ["Hold", "H"], "/cue/go": ["GO", "G"] };
const KEYS = { g: "/cue/go", G: "/cue/back", h: "/cue/hold" };

// Builds the list; returns what shows the status record's `cues`.
export function cues(rows, link) {
  const row = rows.find(({ address }) => address === "/cue/jump");
  const buttons = calls(rows, link);
  const items = (row?.choices ?? []).map((name, place) => item(name, place, link));
  $("cue-list").replaceChildren(...items.map(({ line }) => line));
  $("waiting").lastChild.onclick = () => link.press("/cue/clear");
  hide(!row);
  return (state) => state?.list && show(state, buttons, items);
}

// A show without cues has a GO all the same while something from the explorer waits for it.
function hide(all) { $("cues").hidden = $("calls").hidden = all; }

function calls(rows, link) {
  const known = Object.entries(CALLS).filter(([address]) => rows.some((row) => row.address === address));
  const buttons = known.map(([address, [word, keys]]) => {
    const note = make("small");
    const button = make("button", { type: "button", data: { address }, "aria-keyshortcuts": keys,
      title: rows.find((row) => row.address === address).help }, make("span", { text: word }), note);
    button.addEventListener("click", () => link.press(address));
    return [address, button];
  });
  $("calls").replaceChildren(...buttons.map(([, button]) => button));
  return new Map(buttons);
}

function item(name, place, link) {
  const note = make("small"), fill = make("i");
  const button = make("button", { type: "button", data: { cue: name } },
    make("b", { text: String(place + 1) }), make("span", { text: upper(named(name)) }), note, fill);
  armed(button, note, "touch again to jump", () => link.set("/cue/jump", place));
  return { line: make("li", {}, button), button, note, fill, name };
}

function show(state, buttons, items) {
  const going = state.progress < 1 && state.current !== null;
  for (const { button, note, fill, name } of items) {
    const now = name === state.current, next = name === state.next && !state.waiting;
    mark(button, "aria-current", now ? "step" : "false");
    button.classList.toggle("next", next);
    fill.style.transform = `scaleX(${now && going ? state.progress.toFixed(3) : 0})`;
    if (!button.dataset.armed) say(note, now ? standing(state, going) : next ? "next" : "");
  }
  hide(!items.length && !state.waiting);
  $("waiting").hidden = !state.waiting;
  say($("waiting").firstChild, state.waiting ? `${state.waiting} waits for GO, from the explorer` : "");
  const go = state.held ? "runs on" : state.waiting ?? (state.next === null ? "the list is over" : upper(named(state.next)));
  noted(buttons.get("/cue/go"), go);
  noted(buttons.get("/cue/hold"), state.held ? "is held" : "");
  mark(buttons.get("/cue/hold"), "aria-pressed", state.held);
  say($("cue-words"), words(state, going));
}

function standing(state, going) {
  if (state.held) return "held";
  if (going) return `${Math.round(100 * state.progress)} %`;
  return state.follows_in === null ? "now" : `follows in ${span(Math.ceil(state.follows_in))}`;
}

function words(state, going) {
  if (state.held) return `${upper(named(state.current))} is held. GO or Hold lets it run on.`;
  const now = state.current === null ? "No cue has been called" : `${upper(named(state.current))} ${going ? "is on its way" : "stands"}`;
  const next = state.waiting ?? (state.next && named(state.next));
  return next ? `${now}, ${next} is next.` : `${now}, the last of the list.`;
}

const noted = (button, text) => say(button.lastChild, text);

// Keys for a laptop in the dark; never while somebody types.
addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
  if (typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  document.querySelector(`#calls:not([hidden]) [data-address="${KEYS[event.key]}"]`)?.click();
});
