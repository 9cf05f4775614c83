// Docket in Chromium: Lighthouse on the front page and on a list, a toggle in a long list at a quarter of the speed, and
// how long a list takes until it can be worked with. Prints a line of JSON for each value.
//
// Called as `node measure.mjs DOCKET CHROMIUM`.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import lighthouse from "lighthouse";
import { chromium } from "playwright-core";

const [program, executablePath] = process.argv.slice(2);
const folders = ["data", "profile"].map((name) => mkdtempSync(join(tmpdir(), `docket-${name}-`)));
const PASSWORD = "correct horse battery";
const TURNS = 5;

const tell = (what, value, unit, budget = {}) => console.log(JSON.stringify({ what, value, unit, ...budget }));
// The browser may still write into its folder (ENOTEMPTY). What was measured counts all the same.
process.on("exit", () => {
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    } catch (error) {
      console.error(`${folder} is left behind: ${error.message}`);
    }
  }
});

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** A port that nobody listens on. */
const freePort = () =>
  new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });

async function start() {
  const env = { PATH: process.env.PATH, DOCKET_ADDR: "127.0.0.1:0", DOCKET_DATA_DIR: folders[0], DOCKET_LOG_FORMAT: "json", DOCKET_STOP_DELAY: "0ms", DOCKET_LIMIT_USER: "off" };
  for (const command of [["migrate"], ["user", "create", "bench@example.org", "bench"]]) {
    const child = spawn(program, command, { env, stdio: ["pipe", "ignore", "inherit"] });
    child.stdin.end(`${PASSWORD}\n`);
    const code = await new Promise((ended) => child.on("exit", ended));
    if (code !== 0) throw new Error(`docket ${command.join(" ")} ended with ${code}`);
  }
  const server = spawn(program, ["serve"], { env, stdio: ["ignore", "ignore", "pipe"] });
  const url = await new Promise((ready, failed) => {
    server.on("exit", (code) => failed(new Error(`docket serve ended with ${code}`)));
    createInterface({ input: server.stderr }).on("line", (line) => {
      if (line.includes("Docket is ready")) ready(JSON.parse(line).fields.url);
    });
  });
  return { server, url };
}

/** Calls the API, as a program would. */
async function call(url, method, path, token, body) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function logIn(url) {
  const { access_token: token } = await call(url, "POST", "/auth/log-in", null, { login: "bench", password: PASSWORD, cookies: false });
  return token;
}

/** Makes a list of so many todos; answers its id. */
async function fill(url, name, count) {
  const token = await logIn(url);
  const { id } = await call(url, "POST", "/lists", token, { name });
  for (let number = 1; number <= count; number += 1) {
    await call(url, "POST", `/lists/${id}/todos`, token, { title: `Todo number ${number}: write to somebody about it` });
  }
  return id;
}

/** Makes all of a list to do again. */
async function reopen(url, list) {
  const token = await logIn(url);
  const { todos } = await call(url, "GET", `/lists/${list}/todos?done=true`, token);
  await call(url, "POST", `/lists/${list}/todos/batch`, token, { reopen: todos.map(({ id }) => id) });
}

const DESKTOP = {
  formFactor: "desktop",
  screenEmulation: { mobile: false, width: 1350, height: 940, deviceScaleFactor: 1, disabled: false },
  throttling: { rttMs: 40, throughputKbps: 10240, cpuSlowdownMultiplier: 1, requestLatencyMs: 0, downloadThroughputKbps: 0, uploadThroughputKbps: 0 },
};
const MOBILE = { formFactor: "mobile" };

/** What Lighthouse finds. When it has lost its own recording it asks to be run again, which is done twice at most. */
async function look(url, flags) {
  for (let left = 2; ; left -= 1) {
    const { lhr } = await lighthouse(url, flags);
    if (!lhr.runtimeError) return lhr;
    const { code, message } = lhr.runtimeError;
    if (left === 0 || !["NO_NAVSTART", "NO_TRACING_STARTED"].includes(code)) throw new Error(message);
    console.error(`Lighthouse is run again: ${message}`);
  }
}

/** Lighthouse's scores and the figures behind them, in the middle of some runs. */
async function audit(what, url, port, settings, isFront) {
  const runs = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    runs.push(await look(url, { port, output: "json", logLevel: "silent", disableStorageReset: true, ...settings }));
  }
  const name = `${what}, ${settings.formFactor}`;
  const score = (id) => median(runs.map((run) => run.categories[id].score * 100));
  tell(`Lighthouse, ${name}: performance`, score("performance"), "of 100", { at_least: 98 });
  tell(`Lighthouse, ${name}: accessibility`, score("accessibility"), "of 100", { at_least: 100 });
  tell(`Lighthouse, ${name}: best practices`, score("best-practices"), "of 100", { at_least: 100 });
  if (isFront) tell(`Lighthouse, ${name}: SEO`, score("seo"), "of 100", { at_least: 100 });
  const figure = (id) => median(runs.map((run) => run.audits[id].numericValue));
  tell(`${name}: largest contentful paint`, figure("largest-contentful-paint"), "ms", { at_most: 1800 });
  tell(`${name}: total blocking time`, figure("total-blocking-time"), "ms", { at_most: 50 });
  tell(`${name}: cumulative layout shift`, figure("cumulative-layout-shift"), "", { at_most: 0.01 });
  tell(`${name}: transferred`, figure("total-byte-weight"), "bytes");
}

/**
 * Opens a list, all of it, however long. From here on by scripts in the page: Playwright's locators ask every element for its
 * `shadowRoot`, for which the browser makes each of a thousand forms a table of its fields. The next change throws them all
 * away, which took 7 ms of a tick.
 */
async function openWhole(page, list) {
  await page.goto(list);
  await page.waitForFunction(() => document.documentElement.hasAttribute("data-hydrated"));
  const rows = () => page.evaluate(() => document.querySelectorAll(".todos li").length);
  while (await page.evaluate(() => document.querySelector(".more button") !== null)) {
    const before = await rows();
    await page.evaluate(() => document.querySelector(".more button").click());
    await page.waitForFunction((count) => document.querySelectorAll(".todos li").length > count, before);
  }
  return rows();
}

/** Ticks todos of a long list, each with the processor slowed four times: how long one waits for the next frame. */
async function toggle(page) {
  const browser = await page.context().newCDPSession(page);
  await browser.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.evaluate(() => {
    window.took = [];
    const note = (entries) => entries.getEntries().forEach((entry) => entry.interactionId && window.took.push([entry.interactionId, entry.duration]));
    new PerformanceObserver(note).observe({ type: "event", durationThreshold: 16 });
  });
  for (let turn = 0; turn < 11; turn += 1) {
    // As a hand does it, by raw input: Playwright's own click looks at what lies under the pointer while the page handles it.
    const { x, y } = await page.evaluate((index) => {
      const check = document.querySelectorAll(".todos .check")[index];
      check.scrollIntoView({ block: "nearest" });
      const { x, y, width, height } = check.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    }, 3 + turn);
    await page.mouse.move(x, y);
    await page.waitForTimeout(300);
    await page.mouse.down();
    await page.waitForTimeout(100);
    await page.mouse.up();
    await page.waitForTimeout(800);
  }
  const took = await page.evaluate(() => window.took);
  await browser.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  const interactions = new Map();
  for (const [id, duration] of took) interactions.set(id, Math.max(duration, interactions.get(id) ?? 0));
  return [...interactions.values()];
}

/**
 * A tick in the same document without Docket's program: a few lines that do to it what a tick does. What it takes is the
 * browser's own.
 */
async function bareToggle(context, page, list) {
  const workspace = await page.evaluate(() => document.querySelector(".workspace").outerHTML);
  const bare = await context.newPage();
  await bare.route("**/*.wasm", (route) => route.abort());
  await bare.goto(list);
  // With the same style, as if it had been taken over.
  const root = bare.locator("html[data-plain]");
  await root.evaluate((html) => {
    delete html.dataset.plain;
    html.dataset.hydrated = "";
  });
  await bare.evaluate((workspace) => {
    document.querySelector(".workspace").outerHTML = workspace;
    const [done, messages] = [document.querySelector("details.done"), document.querySelector(".messages")];
    const rows = done.querySelector(".rows") ?? done.querySelector(".todos").appendChild(Object.assign(document.createElement("ul"), { className: "rows" }));
    addEventListener("submit", (event) => {
      event.preventDefault();
      const row = event.target.closest("li");
      const html = row.innerHTML.replace("class=\"row\"", "class=\"row is-done\"");
      row.remove();
      rows.insertAdjacentHTML("afterbegin", `<li id="${row.id}">${html}</li>`);
      done.hidden = false;
      done.querySelector("summary").textContent = `Done (${rows.childElementCount})`;
      messages.innerHTML = "<div class=message><p>It is done.</p><form><button class=link>Undo</button></form></div>";
    });
  }, workspace);
  const took = await toggle(bare);
  await bare.close();
  return took;
}

/** Ticks in a long list, with Docket's program and without, in turn, each time in a page that was loaded for it. */
async function toggles(context, url, list) {
  const [bare, took] = [[], []];
  let rows;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const page = await context.newPage();
    rows = await openWhole(page, `${url}/lists/${list}`);
    bare.push(await bareToggle(context, page, `${url}/lists/${list}`));
    await page.bringToFront();
    took.push(await toggle(page));
    await page.close();
    await reopen(url, list);
  }
  const what = `a toggle among ${rows}, processor slowed 4 times`;
  const middle = (turns) => median(turns.map(median));
  // The worst of fewer than fifty interactions is what a page is judged by (web.dev, Interaction to Next Paint).
  const longest = (turns) => median(turns.map((turn) => Math.max(...turn)));
  tell(`${what}, without Docket's program: in the middle`, middle(bare), "ms");
  tell(`${what}, without Docket's program: the longest`, longest(bare), "ms");
  tell(`${what}: in the middle`, middle(took), "ms");
  tell(`${what}: the longest`, longest(took), "ms", { at_most: 100 });
}

/** How long a list takes until it can be worked with, and what comes over the wire. */
async function hydration(context, list) {
  const took = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const page = await context.newPage();
    await page.goto(list);
    await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
    took.push(await page.evaluate(() => performance.now()));
    await page.close();
  }
  tell("a list of 100: until it can be worked with", median(took), "ms");
}

/**
 * How long a page keeps a slow phone that comes for the first time from answering, counted as total blocking time is (web.dev).
 * Lighthouse's own figure holds something else besides: it switches the debugger on, for which V8 throws away what it has
 * compiled of the WebAssembly and compiles it anew, more slowly.
 */
async function firstVisit(context, list, isBare) {
  const page = await context.newPage();
  const browser = await context.newCDPSession(page);
  if (isBare) await page.route("**/*.wasm", (route) => route.abort());
  await browser.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await browser.send("Emulation.setDeviceMetricsOverride", { width: 412, height: 823, deviceScaleFactor: 1.75, mobile: true });
  await browser.send("Network.setCacheDisabled", { cacheDisabled: true });
  await page.addInitScript(() => {
    window.long = [];
    new PerformanceObserver((entries) => window.long.push(...entries.getEntries())).observe({ type: "longtask", buffered: true });
  });
  await page.goto(list);
  await page.waitForFunction((end) => document.documentElement.hasAttribute(end), isBare ? "data-plain" : "data-hydrated");
  // What is rehearsed afterwards counts, too.
  await page.waitForTimeout(1000);
  const took = await page.evaluate(() => {
    const [{ startTime: painted }] = performance.getEntriesByName("first-contentful-paint");
    const beyond = ({ startTime, duration }) => Math.max(0, startTime + duration - Math.max(startTime, painted) - 50);
    return window.long.reduce((sum, task) => sum + beyond(task), 0);
  });
  await page.close();
  return took;
}

/** The blocking of a first visit, with Docket's program and without, in turn. */
async function blocking(context, list) {
  const [bare, took] = [[], []];
  for (let turn = 0; turn < TURNS; turn += 1) {
    bare.push(await firstVisit(context, list, true));
    took.push(await firstVisit(context, list, false));
  }
  const what = "a list of 100, processor slowed 4 times, first visit";
  tell(`${what}, without Docket's program: blocking after the first paint`, median(bare), "ms");
  tell(`${what}: blocking after the first paint`, median(took), "ms", { at_most: 50 });
}

const { server, url } = await start();
try {
  const port = await freePort();
  const context = await chromium.launchPersistentContext(folders[1], { executablePath, args: ["--no-sandbox", `--remote-debugging-port=${port}`] });
  for (const settings of [MOBILE, DESKTOP]) await audit("front page", `${url}/`, port, settings, true);
  const hundred = await fill(url, "A hundred", 100);
  const thousand = await fill(url, "A thousand", 1000);
  const page = await context.newPage();
  await page.goto(`${url}/log-in`);
  await page.getByLabel("E-mail address or user name").fill("bench");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: "Your lists" }).waitFor();
  await page.close();
  const list = `${url}/lists/${hundred}`;
  for (const settings of [MOBILE, DESKTOP]) await audit("list of 100", list, port, settings, false);
  await hydration(context, list);
  await blocking(context, list);
  await toggles(context, url, thousand);
  await context.close();
} finally {
  server.kill("SIGTERM");
  await new Promise((ended) => server.on("exit", ended));
}
