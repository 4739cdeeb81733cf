// The last hour as small plots, and the log in words: asked for only while somebody can see them.

import { $, make, say } from "./dom.js";

const PERIOD = 10000;      // ms between two askings; the desk takes notes as often
const LINES = 4000;
const W = 120, H = 32;
const PLOTS = {
  stage_fps: ["On the wall", "fps", 0], live_fps: ["New pictures", "fps", 0],
  slowest_ms: ["Slowest in 100", "ms", 0], osc_ms: ["OSC to wall", "ms", 0],
  memory_mb: ["Memory", "MB", 0], celsius: ["Warmest part", "°C", 0],
};
const SVG = "http://www.w3.org/2000/svg";

function every(period, box, work) {
  let seen = false, due = 0;
  const look = async () => {
    if (!seen || document.hidden || performance.now() < due) return;
    due = performance.now() + period;
    try { await work(); } catch { /* the light says that the desk is away */ }
  };
  new IntersectionObserver((entries) => { seen = entries.at(-1).isIntersecting; look(); }).observe(box);
  setInterval(look, 500);
}

const asked = async (path) => (await fetch(path)).json();

async function plots() {
  const { columns } = await asked("/history.json");
  const known = Object.entries(PLOTS).filter(([name]) => columns[name]?.some((value) => value !== null));
  $("plots").replaceChildren(...known.map(([name, words]) => plot(columns[name], ...words)));
}

function plot(values, name, unit, digits) {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const text = (value) => value.toFixed(digits);
  const now = values.at(-1) === null ? "–" : `${text(values.at(-1))} ${unit}`;
  const box = make("figure", {}, make("figcaption", {}, make("span", { text: name }), make("b", { text: now })),
    drawing(values, Math.min(low, 0), high), make("small", { text: `${text(low)} to ${text(high)} ${unit}` }));
  return box;
}

function drawing(values, low, high) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  const x = (place) => values.length > 1 ? W * place / (values.length - 1) : W;
  const y = (value) => H - 2 - (H - 4) * (high > low ? (value - low) / (high - low) : 0.5);
  let pen = "M";
  const steps = values.map((value, place) => {
    if (value === null) { pen = "M"; return ""; }
    const step = `${pen}${x(place).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = "L";
    return step;
  });
  if (values.length === 1) steps.unshift(`M0 ${y(values[0] ?? 0)}L${W} ${y(values[0] ?? 0)}`);
  for (const [key, value] of Object.entries({ viewBox: `0 0 ${W} ${H}`, preserveAspectRatio: "none", "aria-hidden": "true" }))
    svg.setAttribute(key, value);
  path.setAttribute("d", steps.join(""));
  svg.append(path);
  return svg;
}

async function lines() {
  const found = (await asked("/log.json")).lines;
  const text = JSON.stringify(found.at(-1) ?? "") + found.length;
  if ($("lines").dataset.text === text) return;
  $("lines").dataset.text = text;
  $("lines").replaceChildren(...found.reverse().map((line) => make("li", { data: { level: line.level.toLowerCase() } },
    make("time", { datetime: line.at, text: clock(line.at) }), make("b", { text: line.process.replaceAll("_", " ") }),
    make("span", { text: line.message }))));
  if (!found.length) $("lines").replaceChildren(make("li", { text: "This run keeps no log." }));
}

const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export function past() {
  every(PERIOD, $("plots"), plots);
  every(LINES, $("lines"), lines);
}

// How busy OSC is, from the counter in the status record.
let before = null;
export function osc(status) {
  const desk = status.health?.desk, applied = desk?.osc?.applied;
  if (!Number.isFinite(applied)) return say($("osc"), "");
  if (before && desk.at > before.at) {
    const rate = Math.max(0, applied - before.applied) / (desk.at - before.at);
    const refused = (desk.osc.refused ?? 0) + (desk.osc.unknown ?? 0);
    say($("osc"), `OSC: ${rate.toFixed(0)} a second, ${applied} so far${refused ? `, ${refused} refused` : ""}`);
  }
  if (!before || desk.at - before.at >= 1) before = { at: desk.at, applied };
}
