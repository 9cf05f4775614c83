// Every screen in three sizes: has a title and one heading, scrolls in one direction only, has no accessibility
// violation in light and dark, and leaves a picture to look at in end2end/screenshots.
import { AxeBuilder } from "@axe-core/playwright";
import { addTodo, expect, makeList, open, someone, test } from "../support/test.ts";

const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
];

// R30.
test("every screen is whole", async ({ page, docket, name, js }) => {
  test.setTimeout(180_000);
  const shown = async (what: string, path: string) => {
    for (const size of SIZES) {
      await page.setViewportSize(size);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await open(page, path, js);
        if (js) {
          const axe = await new AxeBuilder({ page }).analyze();
          expect(axe.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`), `${what} ${size.width} ${colorScheme}`).toEqual([]);
        }
        await page.screenshot({ path: `screenshots/${what}-${size.width}-${colorScheme}${js ? "" : "-plain"}.png` });
      }
      await expect(page).toHaveTitle(/\w/);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      const wide = await page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
      expect(wide, `${what} scrolls sideways at ${size.width}`).toBeLessThanOrEqual(0);
    }
  };
  for (const [what, path] of [
    ["front", "/"],
    ["sign-up", "/sign-up"],
    ["log-in", "/log-in"],
    ["forgot", "/forgot"],
    ["verify", "/verify?flow=019365c0-0000-7000-8000-000000000001"],
    ["reset", "/reset?flow=019365c0-0000-7000-8000-000000000001"],
    ["not-found", "/nowhere"],
  ]) {
    await shown(what, path);
  }
  await page.setViewportSize(SIZES[2]);
  await someone(page, docket, name, js);
  await shown("lists-empty", "/lists");
  await shown("trash-empty", "/trash");
  await makeList(page, "Garden", js);
  await makeList(page, "This week", js);
  const list = page.url();
  await shown("list-empty", list);
  for (const title of ["Write to the landlord about the heating", "Book the train to Lyon", "Return the library books", "Water the tomatoes"]) {
    await addTodo(page, title, js);
  }
  await page.getByRole("checkbox", { name: "Return the library books" }).click();
  await expect(page.getByText("Done (1)")).toBeVisible();
  await page.getByRole("link", { name: "Book the train to Lyon" }).click();
  await page.getByLabel("Notes").fill("The 7:04, a seat by the window");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("a seat by the window")).toBeVisible();
  await page.waitForLoadState("networkidle");
  await shown("list", list);
  await page.getByRole("link", { name: "Book the train to Lyon" }).click();
  await expect(page.getByLabel("Title")).toBeVisible();
  await shown("list-editing", page.url());
  await shown("list-renaming", `${list}?rename=yes`);
  await shown("lists", "/lists");
  await open(page, list, js);
  await page.getByRole("listitem").filter({ hasText: "Water the tomatoes" }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("status").getByText("in the trash")).toBeVisible();
  await page.waitForLoadState("networkidle");
  await shown("trash", "/trash");
  await shown("settings", "/settings");
  await shown("devices", "/settings/sessions");
  await shown("address-code", "/settings/email?flow=019365c0-0000-7000-8000-000000000001");
  await shown("confirm", "/settings/confirm?next=/settings");
});
