// An answer to a message, written by the official Node SDK: its address and its texts are arguments. Prints JSON.
import twilio from "twilio";

const [action, ...texts] = process.argv.slice(2);
const reply = new twilio.twiml.MessagingResponse();
for (const text of texts) reply.message({ action, method: "POST" }).body(text);
console.log(JSON.stringify(reply.toString()));
