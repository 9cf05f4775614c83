// Every flow twice, with and without JavaScript, against a server of its own that `support/server.ts` starts.
import { defineConfig } from "@playwright/test";

const PHONE = { width: 360, height: 740 };
const TABLET = { width: 768, height: 1024 };
const DESKTOP = { width: 1440, height: 900 };
/** What people come to do. */
const FLOWS = /accounts|lists|settings/;

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // A net for what hangs, wide enough for a slow machine.
  timeout: 180_000,
  expect: { timeout: 10_000 },
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  retries: 0,
  reporter: [["list"]],
  use: {
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false },
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      // Root, as in CI, has no sandbox; the rest keeps the browser from calling its maker.
      args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
    },
  },
  projects: [
    { name: "with JavaScript", use: { javaScriptEnabled: true, viewport: DESKTOP } },
    { name: "on a tablet", use: { javaScriptEnabled: true, viewport: TABLET, hasTouch: true }, testMatch: FLOWS },
    { name: "on a phone", use: { javaScriptEnabled: true, viewport: PHONE, hasTouch: true }, testMatch: FLOWS },
    { name: "without JavaScript", use: { javaScriptEnabled: false, viewport: DESKTOP }, testIgnore: /hydrated|api-docs/ },
    { name: "without JavaScript on a phone", use: { javaScriptEnabled: false, viewport: PHONE, hasTouch: true }, testMatch: FLOWS },
  ],
});
