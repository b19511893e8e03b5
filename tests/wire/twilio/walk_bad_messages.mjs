// The official Node SDK sends messages that cannot be sent: a table of them, and of what is answered, is its argument.
import { newBranch, refused, walked } from "./walking.mjs";

const branch = await newBranch();
const { phoneNumber: from } = await branch.incomingPhoneNumbers.create({ areaCode: "415" });
const camel = (name) => name.replace(/_+(\w?)/g, (_, letter) => letter.toUpperCase());

async function sent(changes, told) {
  const message = { to: "+14155550181", from, body: "Hi" };
  for (const [name, value] of Object.entries(changes)) message[camel(name)] = value ?? undefined;
  if (message.to === "itself") message.to = from;
  await refused(branch.messages.create(message), ...told);
}

const table = JSON.parse(process.argv[2]);
const walks = Object.entries(table).map(([name, [changes, told]]) => [name, () => sent(changes, told)]);
await walked(Object.fromEntries(walks));
