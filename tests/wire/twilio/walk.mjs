// The official Node SDK walks through the resources of an account. Prints one line of JSON: what it saw on its way.
import twilio from "twilio";

const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token, PHONE_NUMBER: from } = process.env;
const parent = twilio(sid, token);
const made = await parent.api.v2010.accounts.create({ friendlyName: "Walked by Node" });
const client = twilio(made.sid, made.authToken);
const to = "+14155550141";
const saw = {};

const code = (work) => work.then(() => 0, (error) => error.code);
const until = async (look) => {
  for (let tries = 0; tries < 200; tries++) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`it did not happen: ${look}`);
};

async function numbers() {
  const [offered] = await client.availablePhoneNumbers("US").local.list({ areaCode: 415, limit: 1 });
  const bought = await client.incomingPhoneNumbers.create({ phoneNumber: offered.phoneNumber });
  await client.incomingPhoneNumbers.create({ areaCode: "212" });
  const renamed = await client.incomingPhoneNumbers(bought.sid).update({ friendlyName: "Front desk" });
  saw.numbers = [renamed.friendlyName, (await client.incomingPhoneNumbers.list({ pageSize: 1 })).length];
  return bought;
}

async function messages(number) {
  for (const body of ["one", "two", "three"]) await client.messages.create({ to, from: number.phoneNumber, body });
  saw.listed = (await client.messages.list({ pageSize: 2 })).map((one) => one.body);
  const first = saw.listed.length && (await client.messages.list({ limit: 1 }))[0];
  const done = await until(async () => {
    const one = await client.messages(first.sid).fetch();
    return one.status === "delivered" && one;
  });
  saw.dateSent = done.dateSent instanceof Date;
  saw.redacted = (await client.messages(first.sid).update({ body: "" })).body;
  saw.removed = await client.messages(first.sid).remove();
  saw.gone = await code(client.messages(first.sid).fetch());
}

async function services(number) {
  const service = await client.messaging.v1.services.create({ friendlyName: "Pool" });
  await client.messaging.v1.services(service.sid).phoneNumbers.create({ phoneNumberSid: number.sid });
  const sent = await client.messages.create({ to, messagingServiceSid: service.sid, body: "By the pool" });
  saw.accepted = sent.status;
  saw.pool = (await client.messaging.v1.services(service.sid).phoneNumbers.list()).length;
  saw.dateCreated = service.dateCreated instanceof Date;
}

async function verifications() {
  const service = await client.verify.v2.services.create({ friendlyName: "Door" });
  const asked = await client.verify.v2.services(service.sid).verifications.create({ to, channel: "sms" });
  const wrong = await client.verify.v2.services(service.sid).verificationChecks.create({ to, code: "000000" });
  saw.verify = [asked.status, wrong.valid];
}

async function account() {
  const key = await client.newKeys.create({ friendlyName: "Node" });
  const byKey = twilio(key.sid, key.secret, { accountSid: made.sid });
  saw.byKey = (await byKey.messages.list({ limit: 1 })).length;
  saw.currency = (await client.balance.fetch()).currency;
  saw.valid = (await client.lookups.v2.phoneNumbers("+14155552671").fetch()).valid;
  saw.country = (await client.pricing.v1.messaging.countries("US").fetch()).isoCountry;
  saw.usage = (await client.usage.records.allTime.list({ category: "sms", limit: 1 })).length;
  saw.closed = (await parent.api.v2010.accounts(made.sid).update({ status: "closed" })).status;
}

async function refusals(number) {
  const send = (more) => code(client.messages.create({ to, from: number.phoneNumber, body: "Hello", ...more }));
  saw.refused = {
    to: await send({ to: "1" }),
    from: await send({ from: "+14155550199" }),
    long: await send({ body: "a".repeat(1601) }),
    empty: await send({ body: undefined }),
    media: await send({ mediaUrl: Array.from({ length: 11 }, (_, index) => `https://a.example/${index}.png`) }),
    sid: await code(client.messages("SM1").fetch()),
    credentials: await code(twilio(made.sid, "0".repeat(32)).messages.list()),
  };
}

const number = await numbers();
await messages(number);
await services(number);
await verifications();
await refusals(number);
await account();
console.log(JSON.stringify(saw));
