// Numbers and what belongs to them by the official Node SDK, in a sub-account of its own. Prints one line of JSON.
import twilio from "twilio";

const { TWILIO_ACCOUNT_SID: main, TWILIO_AUTH_TOKEN: token } = process.env;
const branch = await twilio(main, token).api.v2010.accounts.create({ friendlyName: "Branch" });
const client = twilio(branch.sid, branch.authToken);

const offered = await client.availablePhoneNumbers("US").local.list({ areaCode: 415, smsEnabled: true, limit: 3 });
const bought = await client.incomingPhoneNumbers.create({ phoneNumber: offered[0].phoneNumber, smsUrl: "https://a.example/sms" });
const changed = await client.incomingPhoneNumbers(bought.sid).update({ voiceUrl: "https://a.example/voice" });
for (const areaCode of ["510", "212", "312"]) await client.incomingPhoneNumbers.create({ areaCode });
const listed = [];
await client.incomingPhoneNumbers.each({ pageSize: 2, callback: (one) => listed.push(one.phoneNumber.slice(2, 5)) });

const application = await client.applications.create({ friendlyName: "Desk" });
const address = await client.addresses.create({
  customerName: "Acme", street: "1 Long Lane", city: "Springfield", region: "OR", postalCode: "97477", isoCountry: "US",
});
await client.incomingPhoneNumbers(bought.sid).update({ smsApplicationSid: application.sid, addressSid: address.sid });
const dependent = await client.addresses(address.sid).dependentPhoneNumbers.list();
const asked = await client.validationRequests.create({ phoneNumber: "+14152051298" });
const found = await client.lookups.v2.phoneNumbers("+447400123456").fetch({ fields: "line_type_intelligence" });
const priced = await client.pricing.v1.phoneNumbers.countries("US").fetch();

const refusals = [];
const refused = (work) => work.catch((error) => refusals.push([error.status, error.code]));
await refused(client.incomingPhoneNumbers.create({ phoneNumber: "+1234567890" }));
await refused(client.incomingPhoneNumbers.create({ phoneNumber: bought.phoneNumber }));
await refused(client.incomingPhoneNumbers.create({ areaCode: "533" }));
await refused(client.addresses(address.sid).remove());
await client.incomingPhoneNumbers(bought.sid).remove();
await refused(client.incomingPhoneNumbers(bought.sid).fetch());

console.log(JSON.stringify({
  offered: offered.map((one) => one.locality),
  capabilities: offered[0].capabilities,
  smsUrl: changed.smsUrl,
  created: bought.dateCreated instanceof Date,
  listed: listed.sort(),
  dependents: dependent.length,
  code: asked.validationCode.length,
  line: found.lineTypeIntelligence.type,
  prices: priced.phoneNumberPrices.length,
  refusals,
}));
