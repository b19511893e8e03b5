// @tus/server with its store on the disk: `tus_peer.mjs FOLDER MAX_SIZE`. Prints its port and serves until it is ended.
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const [folder, maxSize] = process.argv.slice(2);
const server = new Server({
  path: "/files",
  maxSize: Number(maxSize),
  datastore: new FileStore({ directory: folder, expirationPeriodInMilliseconds: 3_600_000 }),
});
const listening = server.listen({ host: "127.0.0.1", port: 0 }, () => {
  process.stdout.write(`${listening.address().port}\n`);
});
