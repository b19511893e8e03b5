// The official Node SDK walks through the people of Verify, the devices that make their codes, and challenges.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { gone, newBranch, refused, turned, walked } from "./walking.mjs";

const branch = await newBranch();
const service = await branch.verify.v2.services.create({ friendlyName: "Door" });
const { entities } = branch.verify.v2.services(service.sid);
const ana = entities("customer-0001");

async function people() {
  const identities = ["customer-0007", "customer-0008", "customer-0009"];
  for (const identity of identities) await entities.create({ identity });
  await turned(entities, identities, {}, "identity");
  assert.equal((await entities(identities[0]).fetch()).identity, identities[0]);
  assert.equal((await entities.create({ identity: identities[0] })).sid, (await entities(identities[0]).fetch()).sid);
  for (const identity of identities) assert.equal(await entities(identity).remove(), true);
  await refused(entities(identities[0]).fetch(), 404, 20404);
}

async function factors() {
  const made = [];
  for (const friendlyName of ["Phone", "Watch", "Key"]) {
    made.push(await ana.newFactors.create({ friendlyName, factorType: "totp" }));
  }
  await turned(ana.factors, made.map((one) => one.sid));
  const [phone] = made;
  assert.equal(phone.status, "unverified");
  await refused(ana.challenges.create({ factorSid: phone.sid }), 403, 60318);
  assert.equal((await ana.factors(phone.sid).update({ authPayload: code(phone, -20) })).status, "unverified");
  assert.equal((await ana.factors(phone.sid).update({ authPayload: code(phone) })).status, "verified");
  assert.equal((await ana.factors(phone.sid).update({ friendlyName: "Old phone" })).friendlyName, "Old phone");
  assert.equal((await ana.factors(phone.sid).fetch()).friendlyName, "Old phone");
  await refused(ana.newFactors.create({ friendlyName: "Push", factorType: "push" }), 400, 60200);
  await challenges(phone);
  await gone(ana.factors, made);
}

async function challenges(phone) {
  const factorSid = phone.sid;
  const asked = await ana.challenges.create({ factorSid, authPayload: code(phone, 1) });
  assert.equal(asked.status, "approved");
  const open = [];
  const question = { factorSid, "details.message": "Pay?" };
  for (let count = 0; count < 2; count++) open.push(await ana.challenges.create(question));
  const sids = [asked, ...open].map((one) => one.sid);
  await turned(ana.challenges, sids);
  await turned(ana.challenges, sids.slice(1), { status: "pending", factorSid });
  assert.equal((await ana.challenges(sids[1]).fetch()).details.message, "Pay?");
  assert.equal((await ana.challenges(sids[1]).update({ authPayload: "000" })).status, "pending");
  await refused(ana.challenges(sids[0]).update({ authPayload: code(phone) }), 400, 60308);
  await refused(ana.challenges(`YC${"0".repeat(32)}`).fetch(), 404, 20404);
}

await walked({ people, factors });

// The code of a device, so many steps from now (RFC 6238, with the secret in Base32).
function code(factor, shift = 0) {
  const place32 = (sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign);
  const bits = [...factor.binding.secret].map((sign) => place32(sign).toString(2).padStart(5, "0"));
  const secret = Buffer.from(bits.join("").match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / factor.config.time_step) + shift));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const place = hash.at(-1) & 15;
  const digits = factor.config.code_length;
  return String((hash.readUInt32BE(place) & 0x7fffffff) % 10 ** digits).padStart(digits, "0");
}
