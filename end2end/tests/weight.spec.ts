import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "../fixtures/test.ts";
import { visit } from "../fixtures/visit.ts";

/** Bytes, as they come over the network. */
const MOST = 450_000;

test("all that a first visit to the gate page loads is at most 450 KB", async ({ site, browser }) => {
  // Between browser and server: page, workers and service worker are all counted, whatever thread asks.
  const loaded: { path: string; bytes: number; coding: string }[] = [];
  const counting = createServer((asked, answer) => {
    const { method, headers, url: path = "/" } = asked;
    const onward = request({ host: "localhost", port: site.port, method, path, headers }, (got) => {
      const entry = { path, bytes: 0, coding: got.headers["content-encoding"] ?? "" };
      loaded.push(entry);
      got.on("data", (piece: Buffer) => (entry.bytes += piece.length));
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    asked.pipe(onward);
  });
  await new Promise<void>((listening) => counting.listen(0, "localhost", listening));
  const context = await browser.newContext({ baseURL: `http://localhost:${(counting.address() as AddressInfo).port}` });
  const page = await context.newPage();
  await visit(page, "/gate");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.close();
  await new Promise((closed) => counting.close(closed));

  const lines = loaded.map(({ path, bytes, coding }) => `${String(bytes).padStart(8)}  ${coding.padEnd(4)}  ${path}`);
  const total = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log([...lines, `${String(total).padStart(8)}  in all, ${MOST} allowed`].join("\n"));
  expect(loaded.some(({ path, coding }) => path.endsWith(".wasm") && coding === "br")).toBe(true);
  expect(total).toBeLessThanOrEqual(MOST);
});
