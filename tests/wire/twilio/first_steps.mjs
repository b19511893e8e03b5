// The official Node SDK as anybody uses it: no word of Octavo. Prints one line of JSON.
import twilio from "twilio";

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);
const account = await client.api.v2010.accounts(process.env.TWILIO_ACCOUNT_SID).fetch();
console.log(JSON.stringify({ sid: account.sid, friendlyName: account.friendlyName }));
