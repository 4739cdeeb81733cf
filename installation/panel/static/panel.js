// The page's beginning: one line to the desk, one table of controls, and who shows what.

import { build, find } from "./controls.js";
import { cues } from "./cues.js";
import { devices } from "./devices.js";
import { $, say } from "./dom.js";
import { Link } from "./link.js";
import { osc, past } from "./past.js";
import { Picture } from "./picture.js";
import { recorder } from "./record.js";
import { figures, light, meters } from "./report.js";

const TOAST = 6000;        // ms a refusal stays
const ASKED = { "/master/blackout": "blackout is on", "/master/freeze": "the picture is frozen" };

const link = new Link();
const picture = new Picture(link);
const values = {}, holders = {};
let shows = new Map(), showMeters = () => {}, showCues = () => {}, showRecorder = () => {}, table = null, loading = false;
let status = {}, complaints = [], toastTimer = 0;

// The table belongs to the show: when the desk comes back with another one, the page is built anew.
async function load(wanted) {
  if (loading) return;
  loading = true;
  try {
    const params = await (await fetch("/params.json")).json();
    shows = build(params.rows, link);
    showMeters = meters(params.rows);
    showCues = cues(params.rows, link);
    showRecorder = recorder(params.rows, link);
    say($("title"), params.title);
    document.title = params.title;
    for (const row of params.rows) values[row.address] ??= row.default;
    table = params.table;
    find($("search").value);
    if (wanted === table) showAll();
    tick();
  } catch (error) {
    console.warn("the table could not be loaded", error);
  } finally {
    loading = false;
  }
}

function showAll() {
  for (const [address, show] of shows) show(values[address], holders[address], values);
  showMeters(values);
}

link.addEventListener("news", ({ detail: news }) => {
  Object.assign(values, news.values);
  Object.assign(holders, news.holders);
  ({ status, complaints } = news);
  document.body.classList.toggle("viewer", news.role !== "operator");
  if (news.table !== table) load(news.table);
  else showAll();
  figures(status);
  showCues(status.cues);
  showRecorder(status.outputs);
  osc(status);
  tick();
});

link.addEventListener("lost", tick);
link.addEventListener("refused", ({ detail }) => {
  say($("toast"), detail);
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, TOAST);
});

function tick() {
  const asked = Object.entries(ASKED).filter(([address]) => values[address] > 0.5);
  const learning = status.health?.desk?.midi?.learning;
  const words = asked.map(([, word]) => word).concat(learning ? [`MIDI: ${learning}`] : []);
  light(link, table !== null, complaints, words);
  picture.note(status, values, document.body.classList.contains("lost"));
}
setInterval(tick, 500);
past();
devices(link);

$("search").addEventListener("input", ({ target }) => find(target.value));
addEventListener("keydown", (event) => {
  if (event.key !== "/" || /^(INPUT|SELECT)$/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  $("search").focus();
});

// A phone on a stand stays awake; browsers allow it on https and on this machine only.
async function stayAwake() {
  if (document.hidden || !navigator.wakeLock) return;
  try { await navigator.wakeLock.request("screen"); } catch { /* a low battery refuses */ }
}
document.addEventListener("visibilitychange", stayAwake);
stayAwake();
