// tus-js-client as a judge: uploads one file, in parts, breaking off, resuming or terminating as told. Prints one line of JSON.
import { createReadStream, statSync } from "node:fs";
import { Agent } from "node:http";
import { connect } from "node:net";
import { DefaultHttpStack, Upload } from "tus-js-client";

const [endpoint, token, file, plan] = process.argv.slice(2);
const size = statSync(file).size;
const told = { events: [], offsets: [], terminated: false, url: "" };
let paused = false;

function options(more) {
  return {
    endpoint,
    headers: { Authorization: `Bearer ${token}` },
    metadata: { filename: "../../judge's film.mp4", filetype: "video/mp4" },
    chunkSize: 1 << 20,
    retryDelays: [100, 200, 400, 800, 1600, 3200],
    uploadSize: size,
    onProgress: (sent) => told.offsets.push(sent),
    onError: (error) => fail(error),
    onSuccess: finish,
    ...more,
  };
}

function finish() {
  told.events.push("complete");
  told.url = upload.url;
  end();
}

// Open sockets of the broken-off request would keep Node waiting.
function end() {
  process.stdout.write(`${JSON.stringify(told)}\n`, () => process.exit(0));
}

function fail(error) {
  console.error(String(error));
  process.exit(1);
}

// Leaves the request open in the middle of a chunk, as a closed laptop does, and continues with a new one.
async function pause() {
  if (paused) return;
  paused = true;
  const url = upload.url;
  await upload.abort();
  told.events.push("paused");
  upload = new Upload(createReadStream(file), options({ uploadUrl: url }));
  upload.start();
}

async function terminate() {
  if (paused) return;
  paused = true;
  told.url = upload.url;
  await upload.abort(true);
  told.terminated = true;
  end();
}

// A line of some 12 MB a second: on loopback the file would have arrived before anybody could break off.
class SlowLine extends Agent {
  createConnection(options) {
    const socket = connect(options);
    const write = socket._write.bind(socket);
    socket._write = (data, encoding, done) => setTimeout(() => write(data, encoding, done), data.length / 12_000);
    socket._writev = undefined;
    return socket;
  }
}

const slowly = { chunkSize: size, httpStack: new DefaultHttpStack({ agent: new SlowLine() }) };
const plans = {
  whole: {},
  "one-request": { uploadDataDuringCreation: true, chunkSize: size },
  parallel: { uploadSize: undefined, parallelUploads: 4, metadataForPartialUploads: { filetype: "video/mp4" } },
  pause: { ...slowly, onProgress: (sent) => { told.offsets.push(sent); if (sent > size / 3) pause(); } },
  terminate: { ...slowly, onProgress: (sent) => { if (sent > size / 3) terminate(); } },
};
let upload = new Upload(createReadStream(file), options(plans[plan]));
upload.start();
