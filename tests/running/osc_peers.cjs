// Independent OSC programs against a running show: npm oscquery, ws and osc.
// node osc_peers.cjs HTTP_PORT OSC_PORT FEEDBACK_PORT; NODE_PATH says where the packages are.
// Prints one line of JSON: what each of them saw.
const { OSCQueryDiscovery } = require("oscquery");
const WebSocket = require("ws");
const osc = require("osc");
const [http, udp, feedback] = process.argv.slice(2).map(Number);
const seen = { told: {}, listened: [] };
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const read = (data) => osc.readPacket(new Uint8Array(data), { metadata: true });
const write = (address, ...args) => Buffer.from(osc.writePacket({ address, args }, { metadata: true }));

async function query() {
  const service = await new OSCQueryDiscovery().queryNewService("127.0.0.1", http);
  seen.host = service.hostInfo;
  seen.methods = service.flat();
  return service;
}

async function main() {
  const port = new osc.UDPPort({ localAddress: "127.0.0.1", localPort: feedback, metadata: true });
  port.on("message", (message) => { seen.told[message.address] = message.args[0]; });
  port.open();
  await new Promise((done) => port.on("ready", done));

  const service = await query();
  const socket = new WebSocket(`ws://127.0.0.1:${http}/`);
  await new Promise((done, fail) => { socket.on("open", done); socket.on("error", fail); });
  socket.on("message", (data, binary) => { if (binary) seen.listened.push(read(data)); });
  for (const path of ["/walk/speed", "/scene", "/master/freeze"])
    socket.send(JSON.stringify({ COMMAND: "LISTEN", DATA: path }));
  await wait(500);

  // One message, then a bundle that is due in the future: it is applied now.
  port.send({ address: "/walk/speed", args: [{ type: "f", value: 0.5 }] }, "127.0.0.1", udp);
  port.send({ timeTag: osc.timeTag(3600), packets: [
    { address: "/walk/tide", args: [{ type: "d", value: 2.5 }] },
    { address: "/master/freeze", args: [{ type: "T" }] },
  ] }, "127.0.0.1", udp);
  socket.send(write("/walk/spread", { type: "f", value: 0.75 }));
  await wait(1500);
  await service.update();
  for (const path of ["/walk/speed", "/walk/tide", "/walk/spread", "/master/freeze"])
    seen[path] = service.resolvePath(path).getValue(0);
  await wait(5500); // within which every value is told anew
  process.stdout.write(JSON.stringify(seen, (_, v) => (typeof v === "bigint" ? Number(v) : v)));
  process.exit(0);
}

main().catch((error) => { console.error(error); process.exit(1); });
