// What the page knows of the show: the state light in words, the meters, the figures.

import { $, make, mark, named, say, upper } from "./dom.js";

const STALE = 1.5;         // s without a word after which the light says so
const PROCESSES = ["supervisor", "desk", "deck_a", "deck_b", "stage"];

export function light(link, ready, complaints, asked) {
  const age = link.heardAt === null || !ready ? null : (performance.now() - link.heardAt) / 1000;
  const [level, words] = verdict(link, complaints, asked, age);
  mark($("light"), "data-level", level);
  say($("words"), words);
  say($("age"), age === null ? "" : link.open && age < STALE ? "live" : `as of ${span(age)} ago`);
  list(complaints, level);
  // A count of seconds that grows is not news to someone who listens.
  if (words.replace(/\d+/g, "") !== $("spoken").textContent.replace(/\d+/g, "")) say($("spoken"), words);
  document.body.classList.toggle("lost", level === "lost");
}

function verdict(link, complaints, asked, age) {
  if (link.full && !link.open) return ["lost", "Eight panels are open already; close one"];
  if (age === null) return ["wait", "Looking for the desk"];
  if (!link.open || age > STALE) return ["lost", "Desk unreachable, trying again"];
  if (!complaints.length) return ["good", ["All is well", ...asked].join(", ")];
  const more = complaints.length > 1 ? ` · ${complaints.length - 1} more` : "";
  return [complaints[0].level, [told(complaints[0]) + more, ...asked].join(", ")];
}

function list(complaints, level) {
  const lines = level === "lost" ? [] : complaints.slice(1);
  const text = lines.map((line) => line.text).join("\n");
  if ($("complaints").dataset.text === text) return;
  $("complaints").dataset.text = text;
  $("complaints").replaceChildren(
    ...lines.map((line) => make("li", { text: told(line), data: { level: line.level } })));
}

// A number and its unit stay on one line.
const told = ({ text }) => upper(text).replace(/(\d) (s|ms)\b/g, "$1\u00a0$2");

const FIGURES = /^\/audio\/(centroid|tempo|beat|confidence|chroma\/.*)$/; // for routes; too many for a phone

// Builds a bar for each loudness of the sound and its onsets; returns what shows values.
export function meters(rows) {
  const bars = rows.filter((row) => row.address.startsWith("/audio/") && !FIGURES.test(row.address)).map((row) => {
    const fill = make("span");
    const name = row.address.split("/")[2];
    const bar = make("div", { class: "meter", role: "meter", "aria-label": name, title: row.help,
      "aria-valuemin": "0", "aria-valuemax": "1" }, make("i", {}, fill), make("b", { text: upper(name) }));
    return [row.address, bar, fill];
  });
  $("meters").replaceChildren(...bars.map(([, bar]) => bar));
  return (values) => bars.forEach(([address, bar, fill]) => {
    const value = Math.min(1, Math.max(0, values[address] ?? 0));
    fill.style.transform = `scaleY(${value.toFixed(3)})`;
    mark(bar, "aria-valuenow", value.toFixed(2));
  });
}

export function figures(status) {
  const stage = status.health?.stage ?? {}, desk = status.health?.desk ?? {};
  const osc = stage.control_ms?.osc ?? {};
  const sum = (record) => Object.values(record ?? {}).reduce((all, one) => all + one, 0);
  const fps = (value) => number(value, 0, "fps");
  const rows = {
    "On the wall": fps(stage.fps),
    "New pictures": fps(liveFps(status)),
    "Slowest in 100": number(stage.interval_ms?.p99, 1, "ms"),
    "Picture age": Number.isFinite(stage.picture_age) ? span(stage.picture_age) : "–",
    "OSC to wall": osc.count ? `${number(osc.p50, 0)} / ${number(osc.p95, 0, "ms")}` : "–",
    "Sound": desk.audio?.updates_per_s ? number(desk.audio.updates_per_s, 0, "/s") : "–",
    "Memory": status.memory_mb ? number(sum(status.memory_mb) / 1000, 2, "GB") : "–",
    "Restarts": status.restarts ? String(sum(status.restarts)) : "–",
    "Running": Number.isFinite(status.uptime) ? span(status.uptime) : "–",
  };
  const list = $("figures");
  if (!list.children.length)
    for (const name of Object.keys(rows)) list.append(make("div", {}, make("dt", { text: name }), make("dd")));
  Object.values(rows).forEach((text, place) => say(list.children[place].lastChild, text));
  processes(status);
}

function liveFps({ health }) {
  const rates = ["deck_a", "deck_b"].map((name) => health?.[name]?.fps).filter(Number.isFinite);
  return rates.length ? Math.max(...rates) : undefined;
}

function processes(status) {
  const body = $("processes");
  if (!body.children.length)
    for (const name of PROCESSES)
      body.append(make("tr", {}, make("th", { scope: "row", text: upper(named(name)) }), ...Array.from({ length: 5 }, () => make("td"))));
  PROCESSES.forEach((name, place) => {
    const record = status.health?.[name] ?? {};
    const cells = [status.pids?.[name] ?? record.pid ?? "–",
      record.at === undefined ? "–" : `${span(Math.max(0, status.at - record.at))} ago`,
      status.restarts?.[name] ?? "–", number(status.memory_mb?.[name], 0, "MB"), doing(record)];
    cells.forEach((text, column) => say(body.children[place].children[column + 1], String(text)));
  });
}

function doing(record) {
  const words = [record.mode, record.scene, record.model,
    record.why ? `${record.backend} (${record.why})` : record.backend, record.canvas,
    record.network_ms && `${number(record.network_ms, 1)} ms`, record.renderer];
  return words.filter((word) => word !== undefined && word !== null && word !== "").join(" · ") || "–";
}

function number(value, digits, unit = "") {
  return Number.isFinite(value) ? `${value.toFixed(digits)} ${unit}`.trim() : "–";
}

export function span(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
}
