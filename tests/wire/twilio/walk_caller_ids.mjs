// The official Node SDK walks through the numbers of others that its account may call from, and asks for one more.
import assert from "node:assert/strict";
import { gone, main, refused, turned, until, walked } from "./walking.mjs";

const kept = main.outgoingCallerIds;

async function callerIds() {
  const made = await kept.list();
  const sids = made.map((one) => one.sid);
  assert.equal(sids.length, 3);
  await turned(kept, sids);
  await turned(kept, [sids[1]], { phoneNumber: made[1].phoneNumber });
  await turned(kept, [sids[2]], { friendlyName: made[2].friendlyName });
  for (const one of made) assert.deepEqual((await kept(one.sid).fetch()).toJSON(), one.toJSON());
  assert.equal((await kept(sids[0]).update({ friendlyName: "Front" })).friendlyName, "Front");
  assert.equal((await kept(sids[0]).fetch()).friendlyName, "Front");
  await refused(main.validationRequests.create({ phoneNumber: made[0].phoneNumber }), 400, 21450);
  await gone(kept, made);
}

async function requests() {
  const asked = await main.validationRequests.create({ phoneNumber: "+14152051249", friendlyName: "Desk" });
  assert.deepEqual([asked.phoneNumber, asked.friendlyName, asked.validationCode.length], ["+14152051249", "Desk", 6]);
  assert.match(asked.callSid, /^CA[0-9a-f]{32}$/);
  await refused(main.validationRequests.create({ phoneNumber: "nobody" }), 400, 21401);
  await refused(main.validationRequests.create({ phoneNumber: "+14152051249", callDelay: 100 }), 400, 21454);
  await refused(main.validationRequests.create({ phoneNumber: "+14152051249", statusCallback: "nowhere" }), 400, 21402);
  const own = await main.incomingPhoneNumbers.create({ areaCode: "415" });
  await refused(main.validationRequests.create({ phoneNumber: own.phoneNumber }), 400, 21449);
}

// Nobody listened where the account was to be told of the calls.
async function notifications() {
  const kept = main.notifications;
  const told = await until(async () => {
    const some = await kept.list();
    return some.length === 3 && some;
  });
  const sids = told.map((one) => one.sid);
  const day = (shift) => new Date(Date.now() + shift * 86_400_000);
  await turned(kept, sids);
  await turned(kept, sids, { log: 0, messageDate: day(0) });
  await turned(kept, sids, { messageDateAfter: day(-1), messageDateBefore: day(1) });
  await turned(kept, [], { log: 1 });
  const ofCall = main.calls(told[0].callSid).notifications;
  await turned(ofCall, sids.slice(0, 1));
  for (const one of [kept(sids[0]), ofCall(sids[0])]) {
    const { errorCode, callSid, requestMethod } = await one.fetch();
    assert.deepEqual([errorCode, callSid, requestMethod], ["11205", told[0].callSid, "POST"]);
  }
  await refused(main.calls(told[1].callSid).notifications(sids[0]).fetch(), 404, 20404);
  await refused(kept(`NO${"0".repeat(32)}`).fetch(), 404, 20404);
}

await walked({ callerIds, requests, notifications });
