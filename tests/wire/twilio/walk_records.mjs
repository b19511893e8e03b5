// The official Node SDK reads what was used, what it costs, what happened, and what is known of numbers.
import assert from "node:assert/strict";
import { gone, newBranch, refused, turned, until, walked } from "./walking.mjs";

const NOWHERE = process.argv[2];
const branch = await newBranch();
const number = await branch.incomingPhoneNumbers.create({ areaCode: "415" });
const day = (shift) => new Date(Date.now() + shift * 86_400_000);

async function usage() {
  const { records } = branch.usage;
  const categories = (await records.list()).map((one) => one.category);
  assert.ok(new Set(categories).size === categories.length && categories.length > 20);
  await turned(records, categories, {}, "category", 20);
  for (const span of ["allTime", "today", "yesterday", "thisMonth", "lastMonth"]) {
    await turned(records[span], categories, {}, "category", 20);
    await turned(records[span], ["phonenumbers"], { category: "phonenumbers" }, "category");
  }
  for (const span of ["daily", "monthly", "yearly"]) {
    const some = await records[span].list();
    await turned(records[span], some.map((one) => one.uri), {}, "uri", 20);
    assert.ok(some.length && some.every((one) => one.startDate instanceof Date), span);
  }
  assert.equal((await records.today.list({ category: "phonenumbers" }))[0].count, "1");
  const dated = await records.daily.list({ category: "phonenumbers", startDate: day(-2), endDate: day(0) });
  assert.equal(dated[0].count, "1");
  await refused(records.list({ category: "tea" }), 400, 20001);
}

async function triggers() {
  const kept = branch.usage.triggers;
  const make = { callbackUrl: "https://a.example/used", triggerValue: "100", usageCategory: "sms" };
  const made = [];
  for (const more of [{}, { recurring: "daily" }, { triggerBy: "price", usageCategory: "mms" }]) {
    made.push(await kept.create({ ...make, ...more }));
  }
  const sids = made.map((one) => one.sid);
  for (const one of made) assert.deepEqual((await kept(one.sid).fetch()).toJSON(), one.toJSON());
  await turned(kept, sids);
  await turned(kept, [sids[1]], { recurring: "daily" });
  await turned(kept, [sids[2]], { triggerBy: "price" });
  await turned(kept, sids.slice(0, 2), { usageCategory: "sms" });
  const change = { friendlyName: "Much", callbackUrl: "https://a.example/much", callbackMethod: "GET" };
  const changed = await kept(sids[0]).update(change);
  for (const [name, value] of Object.entries(change)) assert.equal(changed[name], value);
  await refused(kept.create({ ...make, usageCategory: "tea" }), 400, 20001);
  await refused(kept.create({ ...make, triggerValue: "much" }), 400, 20001);
  await refused(kept.create({ ...make, callbackUrl: "nowhere" }), 400, 21402);
  await gone(kept, made);
}

async function alerts() {
  const message = { to: "+14155550181", from: number.phoneNumber, body: "Hi", statusCallback: NOWHERE };
  for (let count = 0; count < 3; count++) await branch.messages.create(message);
  const kept = branch.monitor.v1.alerts;
  const found = await until(async () => {
    const some = await kept.list();
    return new Set(some.map((one) => one.resourceSid)).size === 3 && some;
  });
  const sids = found.map((one) => one.sid);
  await turned(kept, sids);
  await turned(kept, sids, { logLevel: "error", startDate: day(-1), endDate: day(1) });
  await turned(kept, [], { logLevel: "warning" });
  await turned(kept, [], { endDate: day(-1) });
  const alert = await kept(sids[0]).fetch();
  assert.deepEqual([alert.errorCode, alert.logLevel, alert.requestUrl], ["11205", "error", NOWHERE]);
  assert.match(alert.requestVariables, /MessageSid=/);
  await refused(kept(`NO${"0".repeat(32)}`).fetch(), 404, 20404);
}

async function events() {
  const other = await newBranch();
  const made = [];
  for (const areaCode of ["415", "212"]) made.push(await other.incomingPhoneNumbers.create({ areaCode }));
  for (const { sid } of made) await other.incomingPhoneNumbers(sid).remove();
  const kept = other.monitor.v1.events;
  const all = await kept.list();
  const of = (look) => all.filter(look).map((one) => one.sid);
  assert.deepEqual(all.map((one) => one.eventType).filter((type) => type.startsWith("phone")).sort(), [
    "phone-number.created", "phone-number.created", "phone-number.deleted", "phone-number.deleted",
  ]);
  await turned(kept, of(() => true));
  await turned(kept, of((one) => one.resourceSid === made[0].sid), { resourceSid: made[0].sid });
  await turned(kept, of((one) => one.eventType === "phone-number.created"), { eventType: "phone-number.created" });
  await turned(kept, of(() => true), { startDate: day(-1), endDate: day(1) });
  await turned(kept, [], { endDate: day(-1) });
  assert.equal((await kept(all[0].sid).fetch()).eventType, all[0].eventType);
  await refused(kept(`AE${"0".repeat(32)}`).fetch(), 404, 20404);
}

async function lookups() {
  const { v1, v2 } = branch.lookups;
  const found = await v2.phoneNumbers("+447400123456").fetch({ fields: "line_type_intelligence,caller_name" });
  assert.deepEqual([found.valid, found.countryCode, found.lineTypeIntelligence.type], [true, "GB", "mobile"]);
  assert.equal((await v2.phoneNumbers("(415) 555-2671").fetch({ countryCode: "US" })).phoneNumber, "+14155552671");
  assert.deepEqual((await v2.phoneNumbers("hello").fetch()).validationErrors, ["NOT_A_NUMBER"]);
  const packages = [
    "caller_name", "line_type_intelligence", "line_status", "sim_swap", "call_forwarding", "identity_match",
    "reassigned_number", "sms_pumping_risk", "phone_number_quality_score", "pre_fill",
  ];
  const fields = packages.join(",");
  const whole = await v2.phoneNumbers("+14155552671").fetch({ fields, firstName: "Ana", lastVerifiedDate: "20260101" });
  const shown = whole.toJSON();
  assert.deepEqual(packages.filter((name) => !shown[camel(name)]), []);
  await refused(v2.phoneNumbers("+14155552671").fetch({ fields: "tea" }), 400, 20001);
  const old = await v1.phoneNumbers("+14155552671").fetch({ type: ["carrier", "caller-name"] });
  assert.ok(old.carrier.type && old.callerName.caller_type);
  await refused(v1.phoneNumbers("+1415").fetch(), 404, 20404);
}

function camel(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

async function prices() {
  const { v1, v2 } = branch.pricing;
  const countries = (await v1.messaging.countries.list()).map((one) => one.isoCountry);
  assert.ok(countries.length > 200);
  for (const list of [v1.messaging, v1.phoneNumbers, v1.voice, v2.voice]) {
    assert.deepEqual((await list.countries.list({ pageSize: 100 })).map((one) => one.isoCountry), countries);
    assert.equal((await list.countries("GB").fetch()).isoCountry, "GB");
    await refused(list.countries("XX").fetch(), 404, 20404);
  }
  const first = await v1.voice.countries.page({ pageSize: 2 });
  const second = await v1.voice.countries.getPage(first.nextPageUrl);
  assert.deepEqual([...first.instances, ...second.instances].map((one) => one.isoCountry), countries.slice(0, 4));
  assert.equal((await v1.voice.numbers("+447400123456").fetch()).isoCountry, "GB");
  const originationNumber = "+14155552671";
  const priced = await v2.voice.numbers("+447400123456").fetch({ originationNumber });
  assert.equal(priced.originationNumber, originationNumber);
  await refused(v1.voice.numbers("+1").fetch(), 404, 20404);
}

await walked({ usage, triggers, alerts, events, lookups, prices });
