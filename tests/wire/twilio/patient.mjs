// The official Node SDK calls until it is told to wait, and then, as it can by itself, waits. Prints one line of JSON.
import assert from "node:assert/strict";
import twilio from "twilio";
import { OctavoRequestClient } from "./request_client.mjs";

const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token } = process.env;
const many = (options) => {
  const httpClient = new OctavoRequestClient(process.argv[2], options);
  const account = twilio(sid, token, { httpClient }).api.v2010.accounts(sid);
  return Promise.allSettled(Array.from({ length: 6 }, () => account.fetch()));
};
const refused = (await many({})).filter((one) => one.status === "rejected").map((one) => one.reason);
assert.ok(refused.every((one) => one instanceof twilio.RestException));
const patient = await many({ autoRetry: true, maxRetries: 50, maxRetryDelay: 300 });
console.log(JSON.stringify({
  refused: [...new Set(refused.map((one) => `${one.status} ${one.code}`))],
  answered: patient.filter((one) => one.status === "fulfilled").length,
}));
