// The official Node SDK walks through Verify: services, codes sent and checked, limits, routes, webhooks, safe numbers.
import assert from "node:assert/strict";
import { gone, lived, newBranch, refused, turned, until, walked } from "./walking.mjs";

const branch = await newBranch();
const verify = branch.verify.v2;
await branch.incomingPhoneNumbers.create({ areaCode: "415" });
const service = await verify.services.create({ friendlyName: "Door" });
const own = verify.services(service.sid);
const nobody = (prefix) => prefix + "0".repeat(32);

async function services() {
  const other = await newBranch();
  const make = ["One", "Two", "Three"].map((friendlyName) => ({ friendlyName, codeLength: 5 }));
  await lived(other.verify.v2.services, { make, change: { friendlyName: "Four", codeLength: 8, lookupEnabled: true } });
  await refused(verify.services.create({ friendlyName: "Bad", codeLength: 3 }), 400, 60200);
}

async function verifications() {
  const to = "+14155550191";
  const asked = await own.verifications.create({ to, channel: "sms" });
  assert.deepEqual([asked.status, asked.valid, asked.sendCodeAttempts.length], ["pending", false, 1]);
  assert.equal((await own.verifications.create({ to, channel: "call" })).sid, asked.sid);
  assert.equal((await own.verifications(asked.sid).fetch()).sendCodeAttempts.length, 2);
  const { body } = await until(async () => (await branch.messages.list({ to, limit: 1 }))[0]);
  const wrong = body.match(/\d{6}/)[0] === "000000" ? "000001" : "000000";
  assert.equal((await own.verificationChecks.create({ to, code: wrong })).status, "pending");
  const checked = await own.verificationChecks.create({ verificationSid: asked.sid, code: body.match(/\d{6}/)[0] });
  assert.deepEqual([checked.status, checked.valid], ["approved", true]);
  await refused(own.verificationChecks.create({ to, code: "000000" }), 404, 20404);
  await refused(own.verifications(asked.sid).fetch(), 404, 20404);
  const mailed = await own.verifications.create({ to: "ana@example.org", channel: "email" });
  assert.equal((await own.verifications(mailed.sid).update({ status: "canceled" })).status, "canceled");
  await refused(own.verifications.create({ to: "hello", channel: "sms" }), 400, 60200);
  await refused(own.verifications.create({ to, channel: "pigeon" }), 400, 60200);
  await refused(own.verifications(nobody("VE")).update({ status: "canceled" }), 404, 20404);
}

// What a service and a start may say beyond recipient and channel.
async function options() {
  const to = "+14155550196";
  const text = (containing) => until(async () => {
    const found = (await branch.messages.list({ to })).find((one) => one.body.includes(containing));
    return found?.body;
  });
  const custom = await verify.services.create({ friendlyName: "Custom", customCodeEnabled: true });
  const start = verify.services(custom.sid).verifications;
  const worded = { customFriendlyName: "Shop", locale: "de", appHash: "abc" };
  await start.create({ to, channel: "sms", customCode: "hello1", ...worded });
  assert.match(await text("Shop"), /^<#> Ihr .*hello1\nabc$/);
  await refused(own.verifications.create({ to, channel: "sms", customCode: "hello1" }), 403, 60204);
  const templateSid = (await verify.templates.list()).find((one) => one.friendlyName.includes("warning")).sid;
  await own.verifications.create({ to, channel: "sms", templateSid });
  assert.match(await text("share"), /Door/);
  await refused(own.verifications.create({ to, channel: "sms", templateSid: nobody("HJ") }), 400, 60228);
  const bank = verify.services((await verify.services.create({ friendlyName: "Bank", psd2Enabled: true })).sid);
  const payment = { to, amount: "€9.99", payee: "Acme" };
  const asked = await bank.verifications.create({ ...payment, channel: "sms" });
  assert.deepEqual([asked.amount, asked.payee], ["€9.99", "Acme"]);
  const [code] = (await text("€9.99")).match(/\d{6}/);
  assert.equal((await bank.verificationChecks.create({ ...payment, amount: "€99.99", code })).valid, false);
  assert.equal((await bank.verificationChecks.create({ ...payment, code })).valid, true);
  await refused(bank.verifications.create({ to, channel: "sms" }), 400, 60200);
  await refused(own.verifications.create({ to, channel: "whatsapp" }), 403, 60223);
}

async function tooMany() {
  const to = "+14155550192";
  await own.verifications.create({ to, channel: "sms" });
  for (let count = 0; count < 5; count++) await own.verificationChecks.create({ to, code: "abcd" });
  await refused(own.verificationChecks.create({ to, code: "abcd" }), 429, 60202);
  const other = "+14155550193";
  for (let count = 0; count < 5; count++) await own.verifications.create({ to: other, channel: "sms" });
  await refused(own.verifications.create({ to: other, channel: "sms" }), 429, 60203);
}

async function attempts() {
  const kept = verify.verificationAttempts;
  const all = await kept.list();
  const of = (look) => all.filter(look).map((one) => one.sid);
  const mine = of((one) => one.serviceSid === service.sid);
  await turned(kept, of(() => true));
  await turned(kept, mine, { verifyServiceSid: service.sid });
  await turned(kept, of((one) => one.conversionStatus === "converted"), { status: "converted" });
  await turned(kept, of((one) => one.channel === "email"), { channel: "email" });
  await turned(kept, [], { dateCreatedBefore: new Date(0) });
  const [first] = all;
  assert.equal((await kept(first.sid).fetch()).verificationSid, first.verificationSid);
  const summary = await verify.verificationAttemptsSummary().fetch({ verifyServiceSid: service.sid });
  assert.equal(summary.totalAttempts, mine.length);
  assert.equal(summary.totalConverted + summary.totalUnconverted, mine.length);
  await refused(kept(nobody("VL")).fetch(), 404, 20404);
}

async function limits() {
  const make = ["address", "session", "country"].map((uniqueName) => ({ uniqueName, description: "By it" }));
  const made = await lived(own.rateLimits, { make, change: { description: "By another" }, deletes: false });
  const { buckets } = own.rateLimits(made[0].sid);
  const sizes = [{ max: 1, interval: 60 }, { max: 9, interval: 600 }, { max: 20, interval: 3600 }];
  const kept = await lived(buckets, { make: sizes, change: { max: 2, interval: 120 }, deletes: false });
  const rateLimits = { address: "192.0.2.1" };
  const start = () => own.verifications.create({ to: "+14155550194", channel: "sms", rateLimits });
  await start();
  await start();
  await refused(start(), 429, 20429);
  await gone(buckets, kept);
  await gone(own.rateLimits, made);
}

async function routes() {
  const sender = await branch.messaging.v1.services.create({ friendlyName: "Sender" });
  const other = await branch.messaging.v1.services.create({ friendlyName: "Other" });
  const kept = own.messagingConfigurations;
  const countries = ["GB", "DE", "FR"];
  for (const country of countries) await kept.create({ country, messagingServiceSid: sender.sid });
  await turned(kept, countries, {}, "country");
  assert.equal((await kept("GB").update({ messagingServiceSid: other.sid })).messagingServiceSid, other.sid);
  assert.equal((await kept("GB").fetch()).messagingServiceSid, other.sid);
  await refused(kept.create({ country: "GB", messagingServiceSid: "MG1" }), 400, 60200);
  for (const country of countries) assert.equal(await kept(country).remove(), true);
  await refused(kept("GB").fetch(), 404, 20404);
}

async function webhooks() {
  const make = ["One", "Two", "Three"].map((friendlyName) => ({
    friendlyName, eventTypes: ["factor.created", "factor.verified"], webhookUrl: "https://a.example/told",
  }));
  const change = { friendlyName: "Four", status: "disabled", webhookUrl: "https://a.example/2" };
  await lived(own.webhooks, { make, change });
  await refused(own.webhooks.create({ ...make[0], eventTypes: ["tea"] }), 400, 60200);
}

async function templates() {
  const all = await verify.templates.list();
  assert.ok(all.length > 1);
  await turned(verify.templates, all.map((one) => one.sid));
  await turned(verify.templates, [all[0].sid], { friendlyName: all[0].friendlyName });
}

async function safeNumbers() {
  const phoneNumber = "+14155550195";
  const made = await verify.safelist.create({ phoneNumber });
  assert.equal((await verify.safelist(phoneNumber).fetch()).sid, made.sid);
  assert.equal(await verify.safelist(phoneNumber).remove(), true);
  await refused(verify.safelist(phoneNumber).fetch(), 404, 20404);
}

await walked({ services, verifications, options, tooMany, attempts, limits, routes, webhooks, templates, safeNumbers });
