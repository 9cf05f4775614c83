// The page that shows the REST API: it works under its content security policy, with a pasted token.
import { PASSWORD, expect, someone, test } from "../support/test.ts";

test("the API is shown, and tried out with a pasted token", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  const logIn = { login: name, password: PASSWORD, cookies: false };
  const answer = await page.request.post("/api/v1/auth/log-in", { data: logIn });
  const { access_token } = await answer.json();
  await page.goto("/api/docs/");
  await expect(page.getByRole("heading", { name: /Docket/ })).toBeVisible();
  await page.getByRole("button", { name: "Authorize" }).click();
  await page.getByLabel("auth-bearer-value").fill(access_token);
  await page.getByRole("button", { name: "Apply credentials" }).click();
  await page.getByRole("button", { name: "Close" }).first().click();
  await page.locator("#operations-account-getMe").getByRole("button", { name: /GET/ }).first().click();
  await page.locator("#operations-account-getMe").getByRole("button", { name: "Execute" }).click();
  await expect(page.locator("#operations-account-getMe .live-responses-table")).toContainText(`"username": "${name}"`);
});
