// The official Node SDK asks for what cannot be: each refusal is its typed exception, with status, code and more.
import { connect, newBranch, refused, walked } from "./walking.mjs";

const branch = await newBranch();
const { phoneNumber: from } = await branch.incomingPhoneNumbers.create({ areaCode: "415" });
const nobody = (prefix) => prefix + "0".repeat(32);
const send = (more) => branch.messages.create({ to: "+14155550181", from, body: "Hi", ...more });

async function settings() {
  await refused(send({ statusCallback: "nowhere" }), 400, 21609);
  await refused(send({ validityPeriod: 99999 }), 400, 21625);
  await refused(send({ applicationSid: "AP1" }), 400, 21420);
  await refused(send({ scheduleType: "fixed" }), 400, 35111);
}

async function countries() {
  const permissions = [{ country_code: "PK", type: "country", enabled: false }];
  await branch.accounts.v1.messagingGeopermissions.update({ permissions });
  await refused(send({ to: "+923001234567" }), 400, 21408);
}

async function strangers() {
  const token = "0".repeat(32);
  await refused(connect(branch.accountSid, token).messages.list(), 401, 20003);
  await refused(connect(nobody("AC"), token).messages.create({ to: "+14155550181", from, body: "Hi" }), 401, 20003);
  await refused(connect(nobody("SK"), token, { accountSid: branch.accountSid }).messages.list(), 401, 20003);
  await refused(branch.api.v2010.accounts(process.env.TWILIO_ACCOUNT_SID).messages.list(), 404, 20404);
  await refused(branch.api.v2010.accounts.create({ friendlyName: "Grandchild" }), 400, 20001);
}

async function wrongSids() {
  const { accounts, api, lookups, messaging, monitor, verify } = branch;
  const service = verify.v2.services(nobody("VA"));
  const group = messaging.v1.services(nobody("MG"));
  const wrong = [
    api.v2010.accounts(nobody("AC")), branch.addresses(nobody("AD")), branch.applications(nobody("AP")),
    branch.incomingPhoneNumbers(nobody("PN")), branch.keys(nobody("SK")), branch.signingKeys(nobody("SK")),
    branch.messages(nobody("SM")), branch.messages(nobody("MM")).media(nobody("ME")),
    branch.notifications(nobody("NO")), branch.outgoingCallerIds(nobody("PN")), branch.shortCodes(nobody("SC")),
    branch.usage.triggers(nobody("UT")), accounts.v1.credentials.aws(nobody("CR")),
    accounts.v1.credentials.publicKey(nobody("CR")), lookups.v1.phoneNumbers("hello"), monitor.v1.alerts(nobody("NO")),
    monitor.v1.events(nobody("AE")), group, group.phoneNumbers(nobody("PN")), group.alphaSenders(nobody("AI")),
    group.destinationAlphaSenders(nobody("AI")), service, service.entities("nobody"),
    service.entities("nobody").factors(nobody("YF")), service.entities("nobody").challenges(nobody("YC")),
    service.messagingConfigurations("US"), service.rateLimits(nobody("RK")),
    service.rateLimits(nobody("RK")).buckets(nobody("BL")), service.verifications(nobody("VE")),
    service.webhooks(nobody("YW")), verify.v2.verificationAttempts(nobody("VL")), verify.v2.safelist("+14155550181"),
  ];
  for (const one of wrong) await refused(one.fetch(), 404, 20404);
  const odd = [branch.keys("XX1"), branch.messages("SM1"), messaging.v1.services("MG1"), verify.v2.services("1")];
  for (const one of odd) await refused(one.fetch(), 404, 20404);
}

await walked({ settings, countries, strangers, wrongSids });
