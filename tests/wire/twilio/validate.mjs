// The official Node SDK's validators over requests that were received. For each, one JSON a line, it prints as a line
// of JSON which of them believe it: as a function, and before a server written with Express.
import { createInterface } from "node:readline";
import twilio from "twilio";

for await (const line of createInterface({ input: process.stdin })) {
  const { token, method, url, headers, form, body } = JSON.parse(line);
  const signature = headers["x-twilio-signature"];
  const { protocol, host, pathname, search, searchParams } = new URL(url);
  const request = {
    method, headers: { ...headers, host }, protocol: protocol.slice(0, -1), originalUrl: pathname + search,
    body: form, rawBody: body, header: (name) => headers[name.toLowerCase()],
  };
  const response = { type: () => response, status: () => response, send: () => {} };
  let next = false;
  twilio.webhook({ validate: true }, token)(request, response, () => (next = true));
  const believed = {
    validateRequest: twilio.validateRequest(token, signature, url, form),
    validateIncomingRequest: twilio.validateIncomingRequest(request, token),
    webhook: next,
  };
  if (searchParams.has("bodySHA256")) {
    believed.validateRequestWithBody = twilio.validateRequestWithBody(token, signature, url, body);
  }
  console.log(JSON.stringify(believed));
}
