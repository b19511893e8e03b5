// The official Node SDK walks through Messaging Services: their numbers, names, short codes and campaigns.
import assert from "node:assert/strict";
import { gone, lived, newBranch, refused, turned, until, walked } from "./walking.mjs";

const branch = await newBranch();
const { services } = branch.messaging.v1;
const service = await services.create({ friendlyName: "Pool" });
const own = services(service.sid);

async function settings() {
  const other = await newBranch();
  const inboundRequestUrl = "https://a.example/in";
  const make = ["One", "Two", "Three"].map((friendlyName) => ({ friendlyName, inboundRequestUrl }));
  const change = { friendlyName: "Four", stickySender: false, validityPeriod: 60, fallbackMethod: "GET" };
  await lived(other.messaging.v1.services, { make, change });
  await refused(services.create({ friendlyName: "Bad", inboundRequestUrl: "nowhere" }), 400, 21402);
  assert.ok((await branch.messaging.v1.usecases.fetch()).usecases.length);
}

async function pool() {
  const numbers = [];
  for (const areaCode of ["415", "212", "312"]) numbers.push(await branch.incomingPhoneNumbers.create({ areaCode }));
  for (const { sid: phoneNumberSid } of numbers) await own.phoneNumbers.create({ phoneNumberSid });
  await turned(own.phoneNumbers, numbers.map((one) => one.sid));
  assert.equal((await own.phoneNumbers(numbers[0].sid).fetch()).phoneNumber, numbers[0].phoneNumber);
  await refused(own.phoneNumbers.create({ phoneNumberSid: numbers[0].sid }), 409, 21710);
  await refused(own.phoneNumbers.create({ phoneNumberSid: `PN${"0".repeat(32)}` }), 404, 20404);
  await gone(own.phoneNumbers, numbers);
  const message = { to: "+14155550171", messagingServiceSid: service.sid, body: "Hi" };
  await refused(branch.messages.create(message), 400, 21704);
  await own.phoneNumbers.create({ phoneNumberSid: numbers[1].sid });
  const sent = await branch.messages.create(message);
  assert.deepEqual([sent.status, sent.messagingServiceSid], ["accepted", service.sid]);
  const from = await until(async () => (await branch.messages(sent.sid).fetch()).from);
  assert.equal(from, numbers[1].phoneNumber);
}

async function names() {
  const made = [];
  for (const alphaSender of ["One", "Two", "Three"]) made.push(await own.alphaSenders.create({ alphaSender }));
  await turned(own.alphaSenders, made.map((one) => one.sid));
  assert.equal((await own.alphaSenders(made[0].sid).fetch()).alphaSender, "One");
  await refused(own.alphaSenders.create({ alphaSender: "One" }), 409, 21714);
  await refused(own.alphaSenders.create({ alphaSender: "Much too long a name" }), 400, 21713);
  await gone(own.alphaSenders, made);

  const abroad = [];
  for (const isoCountryCode of ["GB", "DE", "FR"]) {
    abroad.push(await own.destinationAlphaSenders.create({ alphaSender: "Tea", isoCountryCode }));
  }
  await turned(own.destinationAlphaSenders, abroad.map((one) => one.sid));
  await turned(own.destinationAlphaSenders, [abroad[1].sid], { isoCountryCode: "DE" });
  assert.equal((await own.destinationAlphaSenders(abroad[0].sid).fetch()).isoCountryCode, "GB");
  await gone(own.destinationAlphaSenders, abroad);
}

async function nothingRegistered() {
  await turned(own.shortCodes, []);
  await refused(own.shortCodes.create({ shortCodeSid: `SC${"0".repeat(32)}` }), 404, 20404);
  await turned(own.usAppToPerson, []);
  await turned(own.channelSenders, []);
  assert.ok((await own.usAppToPersonUsecases.fetch()).usAppToPersonUsecases.length);
  await refused(branch.messaging.v1.deactivations().fetch({ date: "2999-01-01" }), 400, 20001);
  const past = new Date(Date.now() - 2 * 86_400_000);
  const { statusCode, headers } = await branch.messaging.v1.deactivations().fetchWithHttpInfo({ date: past });
  assert.equal(statusCode, 307);
  assert.equal((await branch.request({ method: "get", uri: headers.location })).statusCode, 200);
}

await walked({ settings, pool, names, nothingRegistered });
