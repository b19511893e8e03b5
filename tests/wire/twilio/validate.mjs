// The official Node SDK's validator over requests that were received. Prints, as one line of JSON, whether each is right.
import { readFileSync } from "node:fs";
import twilio from "twilio";

const [token, file] = process.argv.slice(2);
const received = JSON.parse(readFileSync(file, "utf8"));
console.log(JSON.stringify(received.map((one) => twilio.validateRequest(token, one.signature, one.url, one.form))));
