// The official Node SDK with a request client of ten lines that connects to an Octavo. Prints one line of JSON.
import twilio from "twilio";

class OctavoRequestClient extends twilio.RequestClient {
  constructor(baseUrl) {
    super();
    this.baseUrl = baseUrl;
  }
  request(options) {
    const { host, pathname, search } = new URL(options.uri);
    return super.request({ ...options, uri: this.baseUrl + pathname + search, headers: { ...options.headers, Host: host } });
  }
}

const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token } = process.env;
const client = twilio(sid, token, { httpClient: new OctavoRequestClient(process.argv[2]) });
const account = await client.api.v2010.accounts(sid).fetch();
const refused = await client.messages(`SM${"0".repeat(32)}`).fetch().catch((error) => error);
console.log(JSON.stringify({ sid: account.sid, code: refused.code }));
