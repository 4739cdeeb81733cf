// The codes for other devices, and those that are paired: asked for only while somebody looks.

import { $, armed, make, named, upper } from "./dom.js";
import { span } from "./report.js";

const PERIOD = 3000;       // ms between two lists

export function devices(link) {
  let known = false;       // whether codes are needed here, and this device may see them
  const look = async () => {
    const told = await (await fetch("/devices.json")).json();
    $("devices").hidden = !told.codes;
    if (known = Boolean(told.codes)) show(told, link);
  };
  link.addEventListener("news", ({ detail: { role } }) => role === "operator" && look().catch(() => {}), { once: true });
  setInterval(() => known && $("devices").open && !document.hidden && look().catch(() => {}), PERIOD);
}

function show({ codes, devices }, link) {
  $("codes").replaceChildren(...Object.entries(codes).map(([role, code]) =>
    make("div", {}, make("dt", { text: upper(named(role)) }), make("dd", { text: code }))));
  const lines = devices.map((one) => $("paired").querySelector(`[data-id="${one.id}"]`) ?? line(one, link));
  devices.forEach((one, place) => { lines[place].firstChild.textContent = words(one); });
  $("paired").replaceChildren(...lines);
}

const words = ({ role, peer, ago, you }) =>
  `${upper(role)}, ${peer}, ${you ? "this device" : ago < 5 ? "here" : `${span(ago)} ago`}`;

function line({ id, role, peer }, link) {
  const note = make("small");
  const button = make("button", { type: "button", "aria-label": `Forget the ${role} at ${peer}` }, make("span", { text: "Forget" }), note);
  armed(button, note, "touch again", () => link.forget(id));
  return make("li", { data: { id } }, make("span"), button);
}
