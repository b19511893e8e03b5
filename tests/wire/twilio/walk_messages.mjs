// The official Node SDK walks through messages: lists with filters, media, feedback, schedules and test credentials.
import assert from "node:assert/strict";
import { connect, gone, newBranch, refused, turned, until, walked } from "./walking.mjs";

const FILES = process.argv[2];
const branch = await newBranch();
const { messages } = branch;
const number = await branch.incomingPhoneNumbers.create({ areaCode: "415" });
const from = number.phoneNumber;
const day = (shift) => new Date(Date.now() + shift * 86_400_000);
const settled = (sid) => until(async () => {
  const one = await messages(sid).fetch();
  return ["delivered", "undelivered", "failed"].includes(one.status) && one;
});

async function lists() {
  const made = [];
  const recipients = ["+14155550161", "+14155550162", "+14155550161"];
  for (const to of recipients) made.push(await messages.create({ to, from, body: "Hi" }));
  for (const one of made) assert.equal((await settled(one.sid)).status, "delivered");
  const sids = made.map((one) => one.sid);
  await turned(messages, sids);
  await turned(messages, [sids[0], sids[2]], { to: "+14155550161" });
  await turned(messages, sids, { from });
  await turned(messages, [], { from: "+14155550199" });
  await turned(messages, sids, { dateSent: day(0) });
  await turned(messages, sids, { dateSentAfter: day(-1) });
  await turned(messages, [], { dateSentBefore: day(-1) });
  const text = await messages(sids[0]).fetch();
  const { direction, numSegments, errorCode, priceUnit } = text;
  assert.deepEqual([direction, numSegments, errorCode, priceUnit], ["outbound-api", "1", null, "USD"]);
  assert.ok(text.dateSent instanceof Date);
  assert.equal((await messages(sids[0]).feedback.create({ outcome: "confirmed" })).outcome, "confirmed");
  assert.equal((await messages(sids[0]).update({ body: "" })).body, "");
  await refused(messages(sids[0]).update({ body: "Changed" }), 400, 20001);
  await refused(messages(sids[0]).update({ status: "canceled" }), 409, 30409);
  await gone(messages, made);
}

async function wishes() {
  const body = "a".repeat(1600);
  const wished = { sendAsMms: true, contentRetention: "discard", addressRetention: "obfuscate", maxPrice: 0.0001 };
  const made = await messages.create({ to: "+14155550164", from, body, ...wished });
  assert.deepEqual([made.body, made.to, made.numSegments, made.numMedia], [body, "+14155550164", "1", "0"]);
  const sent = await settled(made.sid);
  assert.deepEqual([sent.status, sent.body, sent.to], ["delivered", "", "+1415555XXXX"]);
}

async function media() {
  const mediaUrl = Array(3).fill(`${FILES}/good.png`);
  const message = await messages.create({ to: "+14155550163", from, mediaUrl });
  assert.equal((await settled(message.sid)).numMedia, "3");
  const files = messages(message.sid).media;
  const kept = await files.list();
  await turned(files, kept.map((one) => one.sid));
  await turned(files, kept.map((one) => one.sid), { dateCreated: day(0) });
  await turned(files, [], { dateCreatedBefore: day(-1) });
  assert.equal((await files(kept[0].sid).fetch()).contentType, "image/png");
  const bad = await messages.create({ to: "+14155550163", from, mediaUrl: [`${FILES}/inside.png`] });
  assert.equal((await settled(bad.sid)).status, "failed");
  assert.equal(kept.length, 3);
  assert.equal(await typeOf(kept[0]), "image/png");
  await gone(files, kept);
}

// The SDK has no method for the bytes themselves; they are an address further.
async function typeOf(file) {
  const uri = `https://api.twilio.com${file.uri.replace(".json", "")}`;
  const { statusCode, headers } = await branch.request({ method: "get", uri });
  assert.equal(statusCode, 307);
  const found = await branch.request({ method: "get", uri: new URL(headers.location, uri).href });
  assert.equal(found.statusCode, 200);
  return found.headers["content-type"];
}

async function schedules() {
  const service = await branch.messaging.v1.services.create({ friendlyName: "Later" });
  await branch.messaging.v1.services(service.sid).phoneNumbers.create({ phoneNumberSid: number.sid });
  const later = { to: "+14155550164", messagingServiceSid: service.sid, body: "Later", scheduleType: "fixed" };
  const made = await messages.create({ ...later, sendAt: day(1) });
  assert.equal(made.status, "scheduled");
  assert.equal((await messages(made.sid).update({ status: "canceled" })).status, "canceled");
  await refused(messages.create({ ...later, sendAt: day(0) }), 400, 35114);
  await refused(messages.create({ ...later, sendAt: day(90) }), 400, 35114);
  await refused(messages.create(later), 400, 35111);
  await refused(messages.create({ ...later, messagingServiceSid: undefined, from, sendAt: day(1) }), 400, 35118);
}

async function notFound() {
  const nobody = messages(`SM${"0".repeat(32)}`);
  await refused(nobody.fetch(), 404, 20404);
  await refused(nobody.update({ body: "" }), 404, 20404);
  await refused(nobody.remove(), 404, 20404);
  await refused(nobody.media.list(), 404, 20404);
  await refused(nobody.feedback.create({ outcome: "confirmed" }), 404, 20404);
  await refused(messages("SM1").fetch(), 404, 20404);
}

async function testCredentials() {
  const { TEST_ACCOUNT_SID, TEST_AUTH_TOKEN } = process.env;
  const test = connect(TEST_ACCOUNT_SID, TEST_AUTH_TOKEN);
  const send = (more) => test.messages.create({ to: "+14155550165", from: "+15005550006", body: "Hi", ...more });
  assert.equal((await send({})).status, "queued");
  const recipients = { 1: 21211, 2: 21612, 3: 21408, 4: 21610, 9: 21614 };
  for (const [end, code] of Object.entries(recipients)) await refused(send({ to: `+1500555000${end}` }), 400, code);
  const senders = { 1: 21212, 7: 21606, 8: 21611 };
  for (const [end, code] of Object.entries(senders)) await refused(send({ from: `+1500555000${end}` }), 400, code);
  assert.equal((await test.incomingPhoneNumbers.create({ phoneNumber: "+15005550006" })).phoneNumber, "+15005550006");
  await refused(test.incomingPhoneNumbers.create({ phoneNumber: "+15005550000" }), 400, 21422);
  await refused(test.incomingPhoneNumbers.create({ phoneNumber: "+15005550001" }), 400, 21421);
  await refused(test.incomingPhoneNumbers.create({ areaCode: "533" }), 400, 21452);
  await refused(test.messages.list(), 403, 20008);
}

await walked({ lists, wishes, media, schedules, notFound, testCredentials });
