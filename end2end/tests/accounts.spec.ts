import { PASSWORD, enterCode, expect, open, signUp, someone, taken, test } from "../support/test.ts";

test("sign up, confirm by code, log out, log in by name and by address", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  for (const login of [name, `${name}@example.org`]) {
    await open(page, "/settings", js);
    await expect(page.getByText(`${name}@example.org`)).toBeVisible();
    await page.getByRole("button", { name: "Log out" }).click();
    await expect(page.getByText("You are logged out.")).toBeVisible();
    await open(page, "/trash", js);
    await expect(page).toHaveURL(/\/log-in\?next=/);
    await page.getByLabel("E-mail address or user name").fill(login);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByRole("heading", { name: "Trash" })).toBeVisible();
    await taken(page, js);
  }
});

test("a wrong code is told, and a new one works", async ({ page, docket, name, js }) => {
  await signUp(page, name, js);
  const first = await docket.codeFor(`${name}@example.org`);
  await enterCode(page, first === "000000" ? "000001" : "000000", "Confirm", js);
  await expect(page.getByLabel("Code from the mail")).toHaveAccessibleDescription(/not the code from the mail/);
  await taken(page, js);
  // The pause after the first mail is one second here. Where scripts run it is counted down; else asking too early says so.
  await expect(async () => {
    await page.getByRole("button", { name: "send a new code", exact: true }).click();
    await expect(page.getByText("A new code is on its way.")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await taken(page, js);
  let second = first;
  await expect(async () => {
    second = await docket.codeFor(`${name}@example.org`);
    expect(second).not.toBe(first);
  }).toPass();
  await enterCode(page, second, "Confirm", js);
  await expect(page.getByRole("heading", { name: "Your lists" })).toBeVisible();
});

test("what is wrong with a sign-up is said beside each field, and what was typed stays", async ({ page, docket, name, js }) => {
  await open(page, "/sign-up", js);
  await page.getByLabel("E-mail address").fill(`${name}@example.org`);
  await page.getByLabel("User name").fill("a b");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByLabel("User name")).toHaveAccessibleDescription(/Use letters/);
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/at least 8/);
  await expect(page.getByLabel("E-mail address")).toHaveValue(`${name}@example.org`);
  await expect(page.getByLabel("User name")).toHaveValue("a b");
  await expect(page.getByLabel("User name")).toBeFocused();
});

test("a taken name is told", async ({ page, docket, name, js, browser }) => {
  await someone(page, docket, name, js);
  const other = await browser.newPage({ baseURL: docket.url, javaScriptEnabled: js });
  await open(other, "/sign-up", js);
  await other.getByLabel("E-mail address").fill(`other-${name}@example.org`);
  await other.getByLabel("User name").fill(name.toUpperCase());
  await other.getByLabel("Password").fill(PASSWORD);
  await other.getByRole("button", { name: "Sign up" }).click();
  await expect(other.getByLabel("User name")).toHaveAccessibleDescription(/Somebody has this name/);
});

test("an unconfirmed person with the right password is led to the code", async ({ page, docket, name, js }) => {
  await signUp(page, name, js);
  await open(page, "/log-in", js);
  await page.getByLabel("E-mail address or user name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "Enter the code" })).toBeVisible();
  await expect(page.getByText("not confirmed yet")).toBeVisible();
});

test("a forgotten password is set by code", async ({ page, docket, name, js, context }) => {
  await someone(page, docket, name, js);
  await context.clearCookies();
  await open(page, "/forgot", js);
  await page.getByLabel("E-mail address").fill(`${name}@example.org`);
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page.getByRole("heading", { name: "Set a new password" })).toBeVisible();
  await taken(page, js);
  await expect(async () => {
    const mail = await (await fetch(`${docket.url}/dev/mail`)).text();
    expect(mail).toContain(`${name}, here is the code for setting a new password`);
  }).toPass();
  await page.getByLabel("Code from the mail").fill(await docket.codeFor(`${name}@example.org`));
  await page.getByLabel("New password").fill("another good password");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText("Your new password is set")).toBeVisible();
  await taken(page, js);
  await page.getByLabel("E-mail address or user name").fill(name);
  await page.getByLabel("Password").fill("another good password");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "Your lists" })).toBeVisible();
});

test("a wrong password says so and keeps the name", async ({ page, name, js }) => {
  await open(page, "/log-in", js);
  await page.getByLabel("E-mail address or user name").fill(name);
  await page.getByLabel("Password").fill("wrong password");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByText("Name or password is wrong.")).toBeVisible();
  await expect(page.getByLabel("E-mail address or user name")).toHaveValue(name);
});
