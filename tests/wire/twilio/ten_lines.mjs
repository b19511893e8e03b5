// The official Node SDK with a request client of ten lines that connects to an Octavo. Prints one line of JSON.
import twilio from "twilio";
import { OctavoRequestClient } from "./request_client.mjs";

const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token } = process.env;
const client = twilio(sid, token, { httpClient: new OctavoRequestClient(process.argv[2]) });
const account = await client.api.v2010.accounts(sid).fetch();
const refused = await client.messages(`SM${"0".repeat(32)}`).fetch().catch((error) => error);
console.log(JSON.stringify({ sid: account.sid, code: refused.code }));
