// A message centre made of the npm package `smpp`: it takes messages, answers with ids, and sends receipts.
// Prints its port, then at the end of its input what it saw. A line `say FROM TO TEXT` has it deliver a message.
// With `tell` it prints each text as soon as it has it, and with a number behind that it answers no more than so many.
import { createInterface } from "node:readline";
import smpp from "smpp";

const password = process.argv[2];
const keep = process.argv[3] !== "count"; // texts are kept for tests; a bench only counts
const tell = process.argv[3] === "tell";
const answers = Number(process.argv[4] ?? Infinity);
const port = Number(process.argv[5] ?? 0);
const seen = { submitted: 0, receipts: 0, acknowledged: 0, texts: [], binds: [] };
let listener = null;

const server = smpp.createServer({ rejectUnauthorized: false }, (session) => {
  const bind = (pdu) => {
    if (pdu.password !== password) {
      session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
      session.close();
      return;
    }
    seen.binds.push(pdu.command);
    if (pdu.command !== "bind_transmitter") listener = session;
    session.send(pdu.response({ system_id: "npm-smpp" }));
  };
  session.on("bind_transceiver", bind);
  session.on("bind_transmitter", bind);
  session.on("bind_receiver", bind);
  session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("submit_sm", (pdu) => {
    const id = `m${++seen.submitted}`;
    const message = pdu.short_message.message ?? pdu.message_payload?.message ?? "";
    if (keep) seen.texts.push({ text: message.toString(), udh: Boolean(pdu.short_message.udh), to: pdu.destination_addr, from: pdu.source_addr, coding: pdu.data_coding });
    if (tell) console.log(JSON.stringify({ text: message.toString() }));
    if (seen.submitted > answers) return;
    session.send(pdu.response({ message_id: `${process.pid}-${id}` }));
    if (!pdu.registered_delivery) return;
    seen.receipts += 1;
    listener.deliver_sm({
      esm_class: 4,
      source_addr: pdu.destination_addr,
      destination_addr: pdu.source_addr,
      receipted_message_id: `${process.pid}-${id}`,
      message_state: 2,
      short_message: `id:${process.pid}-${id} sub:001 dlvrd:001 submit date:2611210700 done date:2611210701 stat:DELIVRD err:000 text:`,
    }, (answer) => { if (answer.command_status === 0) seen.acknowledged += 1; });
  });
  session.on("error", () => {});
});

server.listen(port, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [, source_addr, destination_addr, text] = /^say (\S+) (\S+) (.*)$/.exec(line) ?? [];
  if (!text) return;
  listener.deliver_sm({ source_addr, destination_addr, short_message: text }, (answer) => console.log(JSON.stringify({ status: answer.command_status })));
});
lines.on("close", () => { console.log(JSON.stringify(seen)); process.exit(0); });
