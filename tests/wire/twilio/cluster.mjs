// Runs a spec that was written for Jest, as it is: `expect` is Jest's own, and the rest of its globals are these lines.
// Prints one line of JSON: what became of each test.
import { expect } from "expect";

const tests = [];
Object.assign(globalThis, {
  expect,
  jest: { setTimeout() {} },
  test: (name, work) => tests.push([name, work]),
});
await import(process.argv[2]);

const became = {};
for (const [name, work] of tests) {
  try {
    await work();
    became[name] = "passed";
  } catch (error) {
    became[name] = String(error?.message ?? error);
  }
}
console.log(JSON.stringify(became));
