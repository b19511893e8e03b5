// The request client of ten lines by which the official Node SDK connects to an Octavo.
import twilio from "twilio";

export class OctavoRequestClient extends twilio.RequestClient {
  constructor(baseUrl, options) {
    super(options);
    this.baseUrl = baseUrl;
  }
  request(options) {
    const { host, pathname, search } = new URL(options.uri);
    const headers = { ...options.headers, Host: host };
    return super.request({ ...options, uri: this.baseUrl + pathname + search, headers });
  }
}
