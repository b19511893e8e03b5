// Messaging Services by the official SDK for Node: made, listed over pages, changed, filled, sent from, deleted.
import twilio from "twilio";

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);
const services = client.messaging.v1.services;

const made = [];
for (const name of ["One", "Two", "Three"]) made.push(await services.create({ friendlyName: `Node ${name}` }));
const listed = await services.list({ pageSize: 2 });
const changed = await services(made[0].sid).update({ stickySender: false, validityPeriod: 60 });
const number = await client.incomingPhoneNumbers.create({ areaCode: "312" });
const pooled = await changed.phoneNumbers().create({ phoneNumberSid: number.sid });
const again = await changed.phoneNumbers().create({ phoneNumberSid: number.sid }).catch((error) => error.code);
const name = await changed.alphaSenders().create({ alphaSender: "Node" });
const sent = await client.messages.create({ to: "+13125550123", messagingServiceSid: made[0].sid, body: "Hi" });
await client.incomingPhoneNumbers(number.sid).remove();
for (const one of made) await services(one.sid).remove();
const gone = await services(made[0].sid).fetch().catch((error) => [error.status, error.code]);

console.log(
  JSON.stringify({
    listed: listed.map((one) => one.friendlyName).filter((one) => one.startsWith("Node")),
    changed: [changed.stickySender, changed.validityPeriod, changed.dateCreated instanceof Date],
    pooled: pooled.phoneNumber === number.phoneNumber,
    again,
    name: name.alphaSender,
    sent: [sent.status, sent.messagingServiceSid === made[0].sid],
    gone,
  }),
);
