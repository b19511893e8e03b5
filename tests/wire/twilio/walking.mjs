// What the walks of the official Node SDK share: the ways in, and what every list, resource and refusal has to do.
import assert from "node:assert/strict";
import twilio from "twilio";
import { OctavoRequestClient } from "./request_client.mjs";

const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, OCTAVO_URL } = process.env;

// Through the proxy of the environment, or, where OCTAVO_URL is set, by the client of ten lines.
export function connect(sid, token, options = {}) {
  return twilio(sid, token, OCTAVO_URL ? { httpClient: new OctavoRequestClient(OCTAVO_URL), ...options } : options);
}

export const main = connect(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN);

// A sub-account that is empty at first: its client, with `account` beside.
export async function newBranch(friendlyName = "Walked by Node") {
  const account = await main.api.v2010.accounts.create({ friendlyName });
  return Object.assign(connect(account.sid, account.authToken), { account });
}

// The call is refused by the SDK's typed exception with this status and code.
export async function refused(call, status, code) {
  const told = await call.then(() => "it was not refused", (error) => error);
  assert.ok(told instanceof twilio.RestException, `${code} was expected: ${told}`);
  const moreInfo = `https://www.twilio.com/docs/errors/${code}`;
  assert.deepEqual([told.status, told.code, told.moreInfo], [status, code, moreInfo], told.message);
  assert.ok(told.message);
}

export async function until(look) {
  for (let tries = 0; tries < 1200; tries++) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`it did not happen: ${look}`);
}

// All ways through a list meet the same: `list`, `each`, and page by page, there by both ways and back.
export async function turned(resource, expected, filter = {}, key = "sid", pageSize = 1) {
  const keys = (ones) => ones.map((one) => one[key]);
  const listed = keys(await resource.list({ ...filter, pageSize: 2 * pageSize }));
  assert.deepEqual([...listed].sort(), [...expected].sort());
  assert.deepEqual(keys(await resource.list({ ...filter, limit: 1 })), listed.slice(0, 1));
  const each = [];
  await resource.each({ ...filter, pageSize, callback: (one) => each.push(one[key]) });
  assert.deepEqual(each, listed);

  let page = await resource.page({ ...filter, pageSize });
  const pages = [page];
  while (page.nextPageUrl) {
    page = await (pages.length % 2 ? page.nextPage() : resource.getPage(page.nextPageUrl));
    pages.push(page);
  }
  assert.ok(pages.every((one) => one.instances.length <= pageSize));
  assert.deepEqual(pages.flatMap((one) => keys(one.instances)), listed);
  const back = keys(page.instances);
  while (page.previousPageUrl) {
    page = await page.previousPage();
    back.unshift(...keys(page.instances));
  }
  assert.deepEqual(back, listed);
}

// Made, read, listed over pages, changed and deleted: what is read is what was told.
export async function lived(resource, { make, change, create = resource, secret = [], deletes = true }) {
  const made = [];
  for (const params of make) made.push(await create.create(params));
  for (const one of made) assert.deepEqual(plain(await resource(one.sid).fetch(), []), plain(one, secret));
  await turned(resource, made.map((one) => one.sid));
  if (change) {
    const changed = await resource(made[0].sid).update(change);
    for (const [name, value] of Object.entries(change)) assert.equal(changed[name], value, name);
    assert.deepEqual(plain(await resource(made[0].sid).fetch(), []), plain(changed, []));
  }
  return deletes ? gone(resource, made) : made;
}

// Each is deleted, and not there afterwards.
export async function gone(resource, made) {
  for (const one of made) {
    assert.equal(await resource(one.sid).remove(), true);
    await refused(resource(one.sid).fetch(), 404, 20404);
    await refused(resource(one.sid).remove(), 404, 20404);
  }
  await turned(resource, []);
  return made;
}

// Walks, one after the other; prints what became of each as one line of JSON.
export async function walked(walks) {
  const became = {};
  for (const [name, walk] of Object.entries(walks)) {
    became[name] = await walk().then(() => "walked", (error) => error.stack);
  }
  console.log(JSON.stringify(became));
}

function plain(instance, secret) {
  const { ...shown } = instance.toJSON();
  for (const name of ["dateCreated", "dateUpdated"]) assert.ok(!(name in shown) || shown[name] instanceof Date, name);
  for (const name of secret) delete shown[name];
  return shown;
}
