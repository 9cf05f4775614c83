// The session outlives the server and the browser.
import { Docket } from "../support/server.ts";
import { expect, makeList, open, someone, test } from "../support/test.ts";

test("one stays logged in when server and browser are restarted", async ({ browser, name, js }) => {
  let docket = await Docket.start();
  const before = await browser.newContext({ baseURL: docket.url, javaScriptEnabled: js });
  const page = await before.newPage();
  await someone(page, docket, name, js);
  await makeList(page, "Today", js);
  // Cookies that are kept on disk are those with an expiry date.
  const cookies = (await before.cookies()).filter((cookie) => cookie.expires > 0);
  await before.close();
  docket = await docket.restarted();
  const after = await browser.newContext({ baseURL: docket.url, javaScriptEnabled: js });
  await after.addCookies(cookies);
  const again = await after.newPage();
  await open(again, "/lists", js);
  await expect(again.getByRole("main").getByText("Today")).toBeVisible();
  if (js) {
    await makeList(again, "Tomorrow", js);
  }
  await after.close();
  await docket.stop();
});
