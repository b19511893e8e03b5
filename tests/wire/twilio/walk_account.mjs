// The official Node SDK walks through what an account is: its family, keys, tokens, credentials and permissions.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import twilio from "twilio";
import { connect, gone, lived, main, newBranch, refused, turned, walked } from "./walking.mjs";

const branch = await newBranch();
const own = main.api.v2010.accounts;
const nobody = (prefix) => prefix + "0".repeat(32);

async function subAccounts() {
  const family = { friendlyName: `Family ${process.pid}` };
  const made = [];
  for (let count = 0; count < 3; count++) made.push(await own.create(family));
  const [first, second, third] = made.map((one) => one.sid);
  assert.equal(made[0].ownerAccountSid, main.accountSid);
  await turned(own, [first, second, third], family);
  assert.equal((await own(first).update({ status: "suspended" })).status, "suspended");
  await refused(connect(first, made[0].authToken).messages.list(), 403, 20005);
  await turned(own, [first], { ...family, status: "suspended" });
  assert.equal((await own(first).update({ status: "active" })).status, "active");
  assert.deepEqual(await connect(first, made[0].authToken).messages.list(), []);
  assert.equal((await own(second).update({ status: "closed" })).status, "closed");
  await refused(own(second).update({ status: "active" }), 400, 20001);
  await refused(connect(second, made[1].authToken).messages.list(), 403, 10001);
  assert.equal((await own(third).update({ friendlyName: "Another" })).friendlyName, "Another");
  await turned(own, [first, second], family);
  await refused(own(nobody("AC")).fetch(), 404, 20404);
  await refused(connect(first, "0".repeat(32)).api.v2010.accounts(first).fetch(), 401, 20003);
}

async function keys() {
  const make = [{ friendlyName: "One" }, { friendlyName: "Two" }, { friendlyName: "Three" }];
  const [key] = await lived(branch.keys, {
    make, change: { friendlyName: "Four" }, secret: ["secret"], create: branch.newKeys, deletes: false,
  });
  const byKey = connect(key.sid, key.secret, { accountSid: branch.accountSid });
  assert.deepEqual(await byKey.messages.list(), []);
  await refused(byKey.keys.list(), 401, 20003);
  await gone(branch.keys, await branch.keys.list());
  await refused(byKey.messages.list(), 401, 20003);
  await lived(branch.signingKeys, {
    make, change: { friendlyName: "Five" }, secret: ["secret"], create: branch.newSigningKeys,
  });
}

async function authTokens() {
  const other = await newBranch();
  const made = await other.accounts.v1.secondaryAuthToken().create();
  const bySecond = connect(other.accountSid, made.secondaryAuthToken);
  assert.equal((await bySecond.api.v2010.accounts(other.accountSid).fetch()).sid, other.accountSid);
  assert.equal(await other.accounts.v1.secondaryAuthToken().remove(), true);
  await refused(bySecond.messages.list(), 401, 20003);
  const { secondaryAuthToken } = await other.accounts.v1.secondaryAuthToken().create();
  assert.equal((await other.accounts.v1.authTokenPromotion().update()).authToken, secondaryAuthToken);
  assert.deepEqual(await connect(other.accountSid, secondaryAuthToken).messages.list(), []);
}

// Tokens for people's devices are made by the SDK alone, and show the account that signed them.
async function accessTokens() {
  const uri = `https://api.twilio.com/2010-04-01/Accounts/${branch.accountSid}.json`;
  const { sid, secret } = await branch.newKeys.create({ friendlyName: "Tokens" });
  const status = async (key) => {
    const token = new twilio.jwt.AccessToken(branch.accountSid, sid, key, { identity: "ana" }).toJwt();
    const headers = { Authorization: `Bearer ${token}` };
    return (await branch.httpClient.request({ method: "get", uri, headers })).statusCode;
  };
  assert.deepEqual([await status(secret), await status("0".repeat(32))], [200, 401]);
}

async function regions() {
  const { accountSid, password } = branch;
  const abroad = connect(accountSid, password, { region: "ie1", edge: "dublin" });
  await turned(abroad.api.v2010.accounts, [accountSid], { friendlyName: branch.account.friendlyName });
  const { url } = await abroad.messaging.v1.services.create({ friendlyName: "Abroad" });
  assert.match(url, /^https:\/\/messaging\.dublin\.ie1\.twilio\.com\//);
}

async function tokens() {
  const made = await branch.tokens.create({ ttl: 60 });
  assert.deepEqual([made.ttl, made.accountSid], ["60", branch.accountSid]);
  assert.ok(made.username && made.password && Array.isArray(made.iceServers));
  await refused(branch.tokens.create({ ttl: 0 }), 400, 20001);
}

async function credentials() {
  const { credentials: kept } = branch.accounts.v1;
  const named = ["One", "Two", "Three"].map((friendlyName) => ({ friendlyName }));
  const change = { friendlyName: "Four" };
  const credentials = `${"A".repeat(20)}:${"s".repeat(40)}`;
  await lived(kept.aws, { make: named.map((one) => ({ ...one, credentials })), change });
  const { publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" },
  });
  await lived(kept.publicKey, { make: named.map((one) => ({ ...one, publicKey })), change });
}

async function safeNumbers() {
  const { safelist } = branch.accounts.v1;
  const phoneNumber = "+14155550151";
  const made = await safelist.create({ phoneNumber });
  assert.equal((await safelist.fetch({ phoneNumber })).sid, made.sid);
  assert.equal(await safelist.remove({ phoneNumber }), true);
  await refused(safelist.fetch({ phoneNumber }), 404, 20404);
}

async function geoPermissions() {
  const permissions = branch.accounts.v1.messagingGeopermissions;
  const asked = () => permissions.fetch({ countryCode: "GB,DE" }).then((one) => one.permissions);
  assert.deepEqual((await asked()).map((one) => one.country_code), ["DE", "GB"]);
  await permissions.update({ permissions: [{ country_code: "DE", type: "country", enabled: false }] });
  assert.deepEqual((await asked()).map((one) => one.enabled), [false, true]);
}

async function balance() {
  const found = await branch.balance.fetch();
  assert.deepEqual([found.accountSid, found.currency], [branch.accountSid, "USD"]);
  assert.ok(Number(found.balance) > 0);
}

const permitted = { credentials, safeNumbers, geoPermissions };
await walked({ subAccounts, keys, authTokens, accessTokens, regions, tokens, ...permitted, balance });
