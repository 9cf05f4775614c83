// What every test needs: a server for the worker, people, and a page that fails the test when its console complains.
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { Docket } from "./server.ts";

export const PASSWORD = "correct horse battery";

type WorkerThings = { docket: Docket };
type Things = { js: boolean; name: string; cut: boolean; settings: Record<string, string>; own: Docket };

export const test = base.extend<Things, WorkerThings>({
  docket: [
    async ({}, use) => {
      const docket = await Docket.start();
      await use(docket);
      await docket.stop();
    },
    { scope: "worker" },
  ],
  // A test with settings has a server of its own.
  settings: [{}, { option: true }],
  own: async ({ docket, settings }, use) => {
    if (Object.keys(settings).length === 0) return use(docket);
    const own = await Docket.start(settings);
    await use(own);
    await own.stop();
  },
  baseURL: async ({ own }, use) => use(own.url),
  js: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),
  // A user name that nobody else has.
  name: async ({}, use) => use(`u${Math.random().toString(36).slice(2, 12)}`),
  // Whether the test cuts the network, of which the console then complains rightly.
  cut: [false, { option: true }],
  page: async ({ page, cut, own }, use) => {
    const complaints = watch(page, cut);
    const documents: Promise<string>[] = [];
    page.on("response", (response) => {
      // What the browser has dropped meanwhile was a redirect, or an earlier page.
      if (response.headers()["content-type"]?.startsWith("text/html")) documents.push(response.text().catch(() => ""));
    });
    await use(page);
    expect(complaints, "what the console said").toEqual([]);
    // Whatever was said in confidence must not stand in a page, the log or the database.
    const cookies = await page.context().cookies();
    const credentials = cookies.filter((cookie) => /session|refresh|device/.test(cookie.name)).map((cookie) => cookie.value);
    const token = await page.evaluate(() => sessionStorage.getItem("docket.access")).catch(() => null);
    const secrets = [PASSWORD, ...credentials, ...(token ? [token.split(" ")[1]] : [])];
    secrets.forEach((secret) => own.secrets.add(secret));
    for (const text of await Promise.all(documents)) {
      for (const secret of secrets) expect(text.includes(secret), `a page holds ${secret}`).toBe(false);
    }
  },
});

/** Collects what a page's console and scripts complain about, answers to refused input aside. */
export function watch(page: Page, cut: boolean): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    // The browser logs every 4xx answer; those are what some tests are about.
    const refused = /status of 4\d\d/.test(message.text()) || (cut && message.text().includes("net::ERR_FAILED"));
    if (["error", "warning"].includes(message.type()) && !refused) complaints.push(message.text());
  });
  page.on("pageerror", (error) => {
    if (!(cut && String(error).includes("Failed to fetch"))) complaints.push(String(error));
  });
  return complaints;
}

/** Opens a page, and waits until WebAssembly has taken over, where it will. */
export async function open(page: Page, path: string, js: boolean) {
  await sent(page);
  await page.goto(path);
  await taken(page, js);
}

/** Waits until the server has answered all that was changed: loading a page drops what is still to be sent. */
export async function sent(page: Page) {
  await page.locator("html[data-sending]").waitFor({ state: "detached" });
}

/** Waits until WebAssembly has taken over, where it does: the others are documents. */
export async function taken(page: Page, js: boolean) {
  const isHydrated = /^\/(lists|trash)/.test(new URL(page.url()).pathname);
  if (js && isHydrated) await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
}

/** Signs up, up to the page that asks for the code. */
export async function signUp(page: Page, name: string, js: boolean) {
  await open(page, "/sign-up", js);
  await page.getByLabel("E-mail address").fill(`${name}@example.org`);
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByRole("heading", { name: "Enter the code" })).toBeVisible();
  await expect(page.getByText(`The code goes to ${name}@example.org.`)).toBeVisible();
  await taken(page, js);
}

/** Enters a code; where scripts run, a complete one needs no button. */
export async function enterCode(page: Page, code: string, button: string, js: boolean) {
  await page.getByLabel("Code from the mail").fill(code);
  if (!js) await page.getByRole("button", { name: button }).click();
}

/** Somebody new, logged in, on the page of their lists. */
export async function someone(page: Page, docket: Docket, name: string, js: boolean) {
  await signUp(page, name, js);
  await enterCode(page, await docket.codeFor(`${name}@example.org`), "Confirm", js);
  await expect(page.getByRole("heading", { name: "Your lists" })).toBeVisible();
  await taken(page, js);
}

/** Makes a list and stays on its page. */
export async function makeList(page: Page, list: string, js: boolean) {
  await open(page, "/lists", js);
  await page.getByRole("main").getByLabel("New list").fill(list);
  await page.getByRole("main").getByRole("button", { name: "Add list" }).click();
  await expect(page.getByRole("heading", { name: list, level: 1 })).toBeVisible();
  await taken(page, js);
}

/** Goes to a list's page, by the page of all lists. */
export async function goTo(page: Page, list: string, js: boolean) {
  await open(page, "/lists", js);
  await page.getByRole("main").getByRole("link", { name: list, exact: true }).click();
  await expect(page.getByRole("heading", { name: list, level: 1 })).toBeVisible();
  await taken(page, js);
}

/** Adds a todo to the list on the page. */
export async function addTodo(page: Page, title: string, js: boolean) {
  await page.getByLabel("New todo").fill(title);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(todo(page, title)).toBeVisible();
  await taken(page, js);
}

/** A todo's row. */
export function todo(page: Page, title: string) {
  return page.locator(".todos li").filter({ has: page.getByRole("checkbox", { name: title, exact: true }) });
}

/** What opens a row's menu. */
export const opener = (row: Locator) => row.getByLabel(/^Menu of/);

/** Chooses something from a row's menu. */
export async function choose(row: Locator, what: string) {
  await opener(row).click();
  await row.locator(".menu").getByRole("button", { name: what }).click();
}

/** The titles of the open todos, in order. */
export async function openTodos(page: Page): Promise<string[]> {
  return page.getByRole("group", { name: "To do" }).locator(".name").allTextContents();
}

/** The open todos are these when the page is loaded anew, as soon as what shows at once has arrived. */
export async function kept(page: Page, titles: string[]) {
  await sent(page);
  await expect(async () => {
    await page.reload();
    expect(await openTodos(page)).toEqual(titles);
  }).toPass();
}

export { expect };

/** Brings to its end whatever moves or changes: a colour on its way from one theme to the other belongs to neither. */
export async function settled(page: Page) {
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
}
