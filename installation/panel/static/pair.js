// Sends the code; the answer is a cookie that this script cannot read.

import { $, say } from "./dom.js";

$("pair").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const answer = await fetch("/pair", { method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ code: $("code").value }) });
    if (answer.ok) return location.assign("/");
    const wait = answer.headers.get("retry-after");
    say($("said"), wait ? `Too many wrong codes. Try again in ${wait} s.` : "That is not the code.");
  } catch {
    say($("said"), "The desk cannot be reached.");
  }
  $("code").select();
});
