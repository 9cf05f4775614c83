// What only the hydrated page does: it takes over without asking again, changes without loading, and stays logged in.
import { addTodo, choose, expect, kept, makeList, open, opener, openTodos, sent, someone, taken, test, todo } from "../support/test.ts";

test("hydration asks for nothing: the first answer holds it all", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  await makeList(page, "Today", js);
  await addTodo(page, "one", js);
  const answer = await page.request.get(page.url());
  expect(await answer.text()).toMatch(/<span class=name>one</);
  for (const path of [new URL(page.url()).pathname, "/lists", "/trash", "/settings"]) {
    const asked: string[] = [];
    page.on("request", (request) => {
      if (["fetch", "xhr"].includes(request.resourceType()) && !request.url().includes("/pkg/")) asked.push(request.url());
    });
    await page.goto(path, { waitUntil: "networkidle" });
    await taken(page, js);
    expect(asked, path).toEqual([]);
  }
});

test("changes show at once, without loading a page, and are still there after loading one", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  await makeList(page, "Today", js);
  await page.evaluate(() => Object.assign(window, { same: true }));
  for (const title of ["one", "two", "three"]) await addTodo(page, title, js);
  await expect(page.getByLabel("New todo")).toBeFocused();
  await choose(todo(page, "three"), "Move up");
  await page.getByRole("checkbox", { name: "one", exact: true }).click();
  await expect(page.getByRole("navigation").getByRole("link", { name: /Today/ })).toContainText("2");
  await page.getByRole("link", { name: "two" }).click();
  await expect(page.getByLabel("Title")).toBeFocused();
  await page.getByLabel("Title").fill("two, edited");
  await page.keyboard.press("Enter");
  await expect(todo(page, "two, edited")).toBeVisible();
  expect(await page.evaluate(() => "same" in window), "no page was loaded").toBe(true);
  await kept(page, ["three", "two, edited"]);
});

test.describe("with the network cut", () => {
  test.use({ cut: true });

  test("a change the server refuses is taken back and said so", async ({ page, docket, name, js }) => {
    await someone(page, docket, name, js);
    await makeList(page, "Today", js);
    await addTodo(page, "one", js);
    await sent(page);
    await page.route("**/rpc/app/todos/**", (route) => route.fulfill({ status: 413, body: "too large for the proxy" }));
    await page.getByRole("checkbox", { name: "one", exact: true }).click();
    await expect(page.getByText("did not let this through")).toBeVisible();
    await expect(page.getByRole("checkbox", { name: "one", exact: true })).not.toBeChecked();
    await page.getByLabel("New todo").fill("typed in vain");
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("New todo")).toHaveValue("typed in vain");
    expect(await openTodos(page)).toEqual(["one"]);
  });

  test("where WebAssembly does not load, forms work as plain ones", async ({ page, docket, name, js }) => {
    await someone(page, docket, name, js);
    await makeList(page, "Today", js);
    await page.route("**/*.wasm", (route) => route.abort());
    await page.reload();
    await page.getByLabel("New todo").fill("early");
    // What only WebAssembly could do is not offered.
    await expect(page.locator("html[data-plain]")).toHaveCount(1);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(todo(page, "early")).toBeVisible();
    await expect(todo(page, "early").locator(".grip")).toBeHidden();
    await opener(todo(page, "early")).click();
    await expect(todo(page, "early").getByRole("button", { name: "Delete" })).toBeVisible();
    // What it stands in must not cut it off.
    await expect(page.locator("html[data-open] .rows[data-open]")).toHaveCount(1);
    await page.getByRole("checkbox", { name: "early" }).click();
    await expect(page.getByText("Done (1)")).toBeVisible();
  });
});

test("a row stays where it is when WebAssembly takes the page over", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  await makeList(page, "Today", js);
  for (const title of ["one", "two"]) await addTodo(page, title, js);
  await kept(page, ["one", "two"]);
  let load = () => {};
  const told = new Promise<void>((now) => (load = now));
  await page.route("**/*.wasm", async (route) => {
    await told;
    await route.continue();
  });
  await page.reload();
  const places = async () => Promise.all([".check", ".title", ".grip", ".opener"].map((part) => todo(page, "two").locator(part).boundingBox()));
  const before = await places();
  expect(before).not.toContain(null);
  load();
  await expect(page.locator("html[data-hydrated]")).toHaveCount(1);
  expect(await places()).toEqual(before);
});

test("the access token is sent as Bearer, lies in sessionStorage, and is renewed unseen", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  await makeList(page, "Today", js);
  const sent: (string | undefined)[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/rpc/app/todos/")) sent.push(request.headers().authorization);
  });
  await addTodo(page, "one", js);
  await expect.poll(() => sent.length).toBe(1);
  expect(sent[0]).toMatch(/^Bearer ey/);
  const stored = await page.evaluate(() => sessionStorage.getItem("docket.access"));
  expect(sent[0]).toBe(`Bearer ${stored!.split(" ")[1]}`);
  expect(await page.evaluate(() => document.cookie)).toBe("");

  // Ten minutes later, as far as this tab can tell.
  await page.evaluate(() => {
    const [, token] = sessionStorage.getItem("docket.access")!.split(" ");
    sessionStorage.setItem("docket.access", `0 ${token}`);
  });
  const renewed = page.waitForResponse("**/rpc/app/sessions/refresh");
  await addTodo(page, "two", js);
  expect((await renewed).status()).toBe(200);
  await kept(page, ["one", "two"]);
});

// R4.
test("a password that others try first is told while the rest is still being typed", async ({ page, js, name }) => {
  await open(page, "/sign-up", js);
  await page.getByLabel("Password").fill("password1");
  await page.getByLabel("User name").fill(name);
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/first that others try/);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByLabel("User name").focus();
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/Several words/);
});

test.describe("with tokens that are renewed at every call", () => {
  // Browsers renew a token 15 s before its end.
  test.use({ settings: { DOCKET_ACCESS_TTL: "10s" } });

  // R22.
  test("ten tabs that renew their tokens as often as in an hour, all at once, are never logged out", async ({ page, own, name, js, context }) => {
    await someone(page, own, name, js);
    await makeList(page, "Today", js);
    const tabs = [page];
    while (tabs.length < 10) {
      const tab = await context.newPage();
      await open(tab, page.url(), js);
      tabs.push(tab);
    }
    for (let renewal = 0; renewal < 6; renewal++) {
      await Promise.all(tabs.map((tab, number) => addTodo(tab, `${renewal} of ${number}`, js)));
    }
    // What shows at once is still on its way.
    await expect(async () => {
      const text = await (await page.request.get(page.url())).text();
      expect(text.match(/class=name>\d of \d</g)).toHaveLength(60);
    }).toPass();
    for (const tab of tabs) await expect(tab.getByRole("heading", { name: "Today" })).toBeVisible();
  });
});

test("a session that was ended elsewhere leads to the log-in and back", async ({ page, docket, name, js, context }) => {
  await someone(page, docket, name, js);
  await makeList(page, "Today", js);
  const here = new URL(page.url()).pathname;
  const other = await context.newPage();
  await open(other, "/settings", js);
  await other.getByRole("button", { name: "Log out" }).click();
  await expect(other.getByText("You are logged out.")).toBeVisible();
  await page.getByLabel("New todo").fill("too late");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  await expect(page.getByText("You are logged out. Log in to go on.")).toBeVisible();
  await page.getByLabel("E-mail address or user name").fill(name);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "Today" })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(here);
});
