// The official Node SDK walks through numbers, what stands behind them, and what is known of others' numbers.
import assert from "node:assert/strict";
import { gone, lived, main, newBranch, refused, turned, walked } from "./walking.mjs";

const branch = await newBranch();
const numbers = branch.incomingPhoneNumbers;
const HOOK = "https://a.example/hook";

async function search() {
  const countries = await branch.availablePhoneNumbers.list();
  assert.ok(countries.some((one) => one.countryCode === "US"));
  const us = branch.availablePhoneNumbers("US");
  assert.equal((await us.fetch()).countryCode, "US");
  const offered = await us.local.list({ areaCode: 415, smsEnabled: true, limit: 3 });
  assert.deepEqual(offered.map((one) => [one.region, one.phoneNumber.slice(0, 5)]), Array(3).fill(["CA", "+1415"]));
  assert.equal(offered[0].capabilities.SMS, true);
  assert.match((await us.tollFree.list({ limit: 1 }))[0].phoneNumber, /^\+18/);
  assert.equal((await branch.availablePhoneNumbers("GB").mobile.list({ limit: 1 }))[0].isoCountry, "GB");
  assert.deepEqual(await us.mobile.list({ limit: 1 }), []);
  await refused(branch.availablePhoneNumbers("XX").fetch(), 404, 20404);
  await refused(us.local.list({ contains: "?" }), 400, 20001);
}

async function bought() {
  const made = [];
  for (const areaCode of ["415", "212", "312"]) made.push(await numbers.create({ areaCode, friendlyName: areaCode }));
  const sids = made.map((one) => one.sid);
  await turned(numbers, sids);
  await turned(numbers, sids.slice(0, 1), { friendlyName: "415" });
  await turned(numbers, sids.slice(1, 2), { phoneNumber: "+1212*" });
  const [offered] = await branch.availablePhoneNumbers("US").local.list({ areaCode: 628, limit: 1 });
  const local = await numbers.local.create({ phoneNumber: offered.phoneNumber });
  assert.deepEqual((await numbers(sids[0]).fetch()).toJSON(), made[0].toJSON());
  await turned(numbers.local, [...sids, local.sid]);
  const [toll] = await branch.availablePhoneNumbers("US").tollFree.list({ limit: 1 });
  const free = await numbers.tollFree.create({ phoneNumber: toll.phoneNumber });
  await turned(numbers.tollFree, [free.sid]);
  const [pocket] = await branch.availablePhoneNumbers("GB").mobile.list({ limit: 1 });
  await turned(numbers.mobile, [(await numbers.mobile.create({ phoneNumber: pocket.phoneNumber })).sid]);
  const change = { smsUrl: HOOK, smsMethod: "GET", voiceUrl: HOOK, statusCallback: HOOK, friendlyName: "Desk" };
  const changed = await numbers(sids[0]).update(change);
  for (const [name, value] of Object.entries(change)) assert.equal(changed[name], value, name);
  assert.equal((await numbers(sids[0]).update({ smsUrl: "" })).smsUrl, "");
  await refused(numbers(sids[0]).update({ smsUrl: "nowhere" }), 400, 21402);
  await refused(numbers(sids[0]).update({ smsMethod: "PUT" }), 400, 21403);
  await refused(numbers.create({ phoneNumber: "+1234567890" }), 400, 21421);
  await refused(numbers.create({ phoneNumber: toll.phoneNumber }), 400, 21422);
  await refused(numbers.create({ areaCode: "533" }), 400, 21452);
  await refused(numbers.create({ areaCode: "41" }), 400, 21451);
  await refused(numbers.local.create({ phoneNumber: toll.phoneNumber }), 400, 21458);
  await gone(numbers, await numbers.list());
}

async function transferred() {
  const other = await newBranch("Other");
  const number = await numbers.create({ areaCode: "415" });
  await refused(numbers(number.sid).update({ accountSid: other.accountSid }), 400, 21474);
  const mine = main.api.v2010.accounts(branch.accountSid).incomingPhoneNumbers(number.sid);
  await refused(mine.update({ accountSid: `AC${"0".repeat(32)}` }), 400, 21471);
  assert.equal((await mine.update({ accountSid: other.accountSid })).accountSid, other.accountSid);
  await refused(numbers(number.sid).fetch(), 404, 20404);
  await gone(other.incomingPhoneNumbers, await other.incomingPhoneNumbers.list());
}

async function applications() {
  const make = ["One", "Two", "Three"].map((friendlyName) => ({ friendlyName, smsUrl: HOOK }));
  const change = { friendlyName: "Four", voiceUrl: HOOK, voiceMethod: "GET", statusCallback: HOOK };
  const made = await lived(branch.applications, { make, change, deletes: false });
  await turned(branch.applications, [made[2].sid], { friendlyName: "Three" });
  await refused(branch.applications.create({ smsUrl: "nowhere" }), 400, 21402);
  await gone(branch.applications, made);
}

async function addresses() {
  const home = { street: "1 Long Lane", city: "Springfield", region: "OR", postalCode: "97477", isoCountry: "US" };
  const make = ["Ann", "Bob", "Cid"].map((customerName) => ({ ...home, customerName }));
  const change = { friendlyName: "Shop", street: "2 Long Lane", customerName: "Dan" };
  const made = await lived(branch.addresses, { make, change, deletes: false });
  await turned(branch.addresses, [made[1].sid], { customerName: "Bob" });
  await turned(branch.addresses, [made[0].sid], { friendlyName: "Shop" });
  await turned(branch.addresses, [], { isoCountry: "DE" });
  const bound = [];
  for (const areaCode of ["415", "212", "312"]) bound.push(await numbers.create({ areaCode, addressSid: made[1].sid }));
  await turned(branch.addresses(made[1].sid).dependentPhoneNumbers, bound.map((one) => one.sid));
  await refused(branch.addresses(made[1].sid).remove(), 409, 20009);
  await refused(branch.addresses.create({ ...home, customerName: "" }), 400, 20001);
  await gone(numbers, bound);
  await gone(branch.addresses, made);
}

async function nothingToLease() {
  const number = await numbers.create({ areaCode: "415" });
  const { assignedAddOns } = numbers(number.sid);
  await turned(assignedAddOns, []);
  await refused(assignedAddOns.create({ installedAddOnSid: `XB${"0".repeat(32)}` }), 404, 20404);
  await refused(assignedAddOns(`XE${"0".repeat(32)}`).fetch(), 404, 20404);
  await refused(assignedAddOns(`XE${"0".repeat(32)}`).remove(), 404, 20404);
  await turned(branch.shortCodes, []);
  await refused(branch.shortCodes(`SC${"0".repeat(32)}`).fetch(), 404, 20404);
  await refused(branch.shortCodes(`SC${"0".repeat(32)}`).update({ friendlyName: "No" }), 404, 20404);
  await gone(numbers, [number]);
}

await walked({ search, bought, transferred, applications, addresses, nothingToLease });
