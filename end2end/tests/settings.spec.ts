import { readFile } from "node:fs/promises";
import { PASSWORD, enterCode, expect, open, someone, taken, test } from "../support/test.ts";

const OTHER = "another good password";

test("name and password are changed in the settings", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  await page.getByRole("link", { name: "Settings" }).filter({ visible: true }).click();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await page.getByRole("textbox", { name: "User name" }).fill(`${name}x`);
  await page.getByRole("button", { name: "Change the name" }).click();
  await expect(page.getByText("Your user name is changed.")).toBeVisible();
  await page.getByLabel("Current password").fill("wrong password");
  await page.getByLabel("New password").fill(OTHER);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByLabel("Current password")).toHaveAccessibleDescription(/not right/);
  await page.getByLabel("Current password").fill(PASSWORD);
  await page.getByLabel("New password").fill(OTHER);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByText("You are logged out.")).toBeVisible();
  await open(page, "/log-in", js);
  await page.getByLabel("E-mail address or user name").fill(`${name}x`);
  await page.getByLabel("Password").fill(OTHER);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "Your lists" })).toBeVisible();
});

// R26.
test("a device is logged out from another one, and sees it at once", async ({ page, docket, name, js, browser }) => {
  await someone(page, docket, name, js);
  const context = await browser.newContext({ baseURL: docket.url, javaScriptEnabled: js });
  const other = await context.newPage();
  await open(other, "/log-in", js);
  await other.getByLabel("E-mail address or user name").fill(name);
  await other.getByLabel("Password").fill(PASSWORD);
  await other.getByRole("button", { name: "Log in" }).click();
  await expect(other.getByRole("heading", { name: "Your lists" })).toBeVisible();
  await taken(other, js);

  await open(page, "/settings/sessions", false);
  await expect(page.getByText("this device", { exact: true })).toHaveCount(1);
  await page.getByRole("button", { name: /^Log out Chrome/ }).click();
  await expect(page.getByText("That device is logged out.")).toBeVisible();
  await expect(page.getByText("A device was logged out")).toBeVisible();
  await other.getByRole("main").getByLabel("New list").fill("Too late");
  await other.getByRole("main").getByRole("button", { name: "Add list" }).click();
  await expect(other).toHaveURL(/\/log-in\?next=/);
  await context.close();
});

test.describe("long after the log-in", () => {
  test.use({ settings: { DOCKET_FRESH_LOG_IN: "4s" } });

  test("another address asks for the password, and goes on with what was typed", async ({ page, own, name, js }) => {
    await someone(page, own, name, js);
    // While the log-in is fresh, a code is sent at once.
    await expect(async () => {
      await open(page, "/settings", false);
      await page.getByLabel("New address").fill(`other-${name}@example.org`);
      await page.getByRole("button", { name: "Send the code" }).click();
      await expect(page.getByRole("heading", { name: "Confirm it is you" })).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Go on" }).click();
    await expect(page.getByLabel("New address")).toHaveValue(`other-${name}@example.org`);
    await page.getByLabel("New address").fill(`new-${name}@example.org`);
    await page.getByRole("button", { name: "Send the code" }).click();
    await enterCode(page, await own.codeFor(`new-${name}@example.org`), "Change the address", js);
    await expect(page.getByText("Your address is changed.")).toBeVisible();
    await expect(page.getByText(`new-${name}@example.org`)).toBeVisible();
  });

  test("all data is downloaded after the password was asked for", async ({ page, own, name, js }) => {
    await someone(page, own, name, js);
    await expect(async () => {
      await open(page, "/settings", false);
      await page.getByRole("link", { name: "Download my data" }).click();
      await expect(page.getByRole("heading", { name: "Confirm it is you" })).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Go on" }).click();
    await expect(page.getByText("You can download your data now.")).toBeVisible();
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download my data" }).click();
    expect((await coming).suggestedFilename()).toBe("docket.json");
  });
});

test("all data is downloaded, and the account deleted", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  await open(page, "/settings", false);
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download my data" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe("docket.json");
  expect(JSON.parse(await readFile(await download.path(), "utf8")).user.username).toBe(name);
  // What is wrong far down the page is said, and typing goes on there.
  await page.locator("#delete-password").fill("wrong password");
  await page.getByRole("button", { name: "Delete my account for good" }).click();
  await expect(page.locator(".messages")).toContainText("This is not right.");
  await expect(page.locator("#delete-password")).toBeFocused();
  await expect(page.locator("#delete-password")).toBeInViewport();
  await page.locator("#delete-password").fill(PASSWORD);
  await page.getByRole("button", { name: "Delete my account for good" }).click();
  await expect(page.getByText("Your account is deleted")).toBeVisible();
  await open(page, "/lists", js);
  await expect(page).toHaveURL(/\/log-in/);
});

test("a theme is chosen, and pages have it from the first moment", async ({ page, docket, name, js }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await someone(page, docket, name, js);
  const background = () => page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
  const light = await background();
  await open(page, "/settings", false);
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.getByRole("button", { name: "Dark", pressed: true })).toBeVisible();
  await expect.poll(background).not.toBe(light);
  // The keyboard goes on where it was.
  await expect(page.getByRole("button", { name: "Dark" })).toBeFocused();
  await open(page, "/lists", js);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await background()).not.toBe(light);
});
