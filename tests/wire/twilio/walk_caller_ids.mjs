// The official Node SDK walks through the numbers of others that its account may call from, and asks for one more.
import assert from "node:assert/strict";
import { gone, main, refused, turned, walked } from "./walking.mjs";

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

await walked({ callerIds, requests });
