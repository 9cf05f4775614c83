// Every screen in three sizes: has a title and one heading, scrolls in one direction only, has no accessibility
// violation in light and dark, and leaves a picture to look at in end2end/screenshots.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { addTodo, choose, expect, makeList, open, opener, settled, someone, test, todo } from "../support/test.ts";

const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
];

/** Looks at a screen in all sizes and both themes. */
async function look(page: Page, what: string, path: string, js: boolean) {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await open(page, path, js);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      if (js) {
        await settled(page);
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
}

for (const [what, path] of [
  ["front", "/"],
  ["sign-up", "/sign-up"],
  ["log-in", "/log-in"],
  ["forgot", "/forgot"],
  ["verify", "/verify?flow=019365c0-0000-7000-8000-000000000001"],
  ["reset", "/reset?flow=019365c0-0000-7000-8000-000000000001"],
  ["not-found", "/nowhere"],
]) {
  // R30.
  test(`the screen ${what} is whole`, ({ page, js }) => look(page, what, path, js));
}

for (const [what, path] of [
  ["lists-empty", "/lists"],
  ["trash-empty", "/trash"],
  ["find", "/find?text=nothing"],
  ["settings", "/settings"],
  ["devices", "/settings/sessions"],
  ["address-code", "/settings/email?flow=019365c0-0000-7000-8000-000000000001"],
  ["confirm", "/settings/confirm?next=/settings"],
]) {
  // R30.
  test(`the screen ${what} is whole`, async ({ page, docket, name, js }) => {
    await someone(page, docket, name, js);
    await look(page, what, path, js);
  });
}

/** Lists with todos; answers where one of them is. */
async function furnished(page: Page, js: boolean): Promise<string> {
  await makeList(page, "Garden", js);
  await makeList(page, "This week", js);
  const list = page.url();
  for (const title of ["Write to the landlord about the heating", "Book the train to Lyon", "Return the library books", "Water the tomatoes"]) {
    await addTodo(page, title, js);
  }
  await page.getByRole("checkbox", { name: "Return the library books" }).click();
  await expect(page.getByText("Done (1)")).toBeVisible();
  await page.getByRole("link", { name: "Book the train to Lyon" }).click();
  await page.getByLabel("Notes").fill("The 7:04, a seat by the window");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("a seat by the window")).toBeVisible();
  return list;
}

// R30.
test("the screens list-empty and list are whole", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  await makeList(page, "Nothing yet", js);
  await look(page, "list-empty", page.url(), js);
  await look(page, "list", await furnished(page, js), js);
});

// R30.
test("the screens lists, list-editing and list-renaming are whole", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  const list = await furnished(page, js);
  await page.getByRole("link", { name: "Book the train to Lyon" }).click();
  await expect(page.getByLabel("Title")).toBeVisible();
  await look(page, "list-editing", page.url(), js);
  await look(page, "list-renaming", `${list}?rename=yes`, js);
  await look(page, "lists", "/lists", js);
});

// R30.
test("the screen trash is whole", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  await furnished(page, js);
  await choose(todo(page, "Water the tomatoes"), "Delete");
  await expect(page.getByRole("status").getByText("in the trash")).toBeVisible();
  await look(page, "trash", "/trash", js);
});

// R30.
test("the screen widgets is whole", ({ page, js }) => look(page, "widgets", "/dev/ui", js));

test("a todo, its menu and the way round have names for those who hear them", async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  await furnished(page, js);
  await opener(todo(page, "Water the tomatoes")).click();
  await expect(page.getByRole("group", { name: "To do" }).getByRole("listitem").last()).toMatchAriaSnapshot(`
    - listitem:
      - checkbox "Water the tomatoes"
      - link "Water the tomatoes"
      - group:
        - button "Move up"
        - button "Delete"
  `);
  await expect(page.getByRole("navigation", { name: "Your lists" })).toMatchAriaSnapshot(`
    - navigation "Your lists":
      - link "Docket"
      - list:
        - listitem:
          - link "Garden 0 to do"
        - listitem:
          - link "This week 3 to do"
      - text: New list
      - textbox "New list"
      - button "Add list"
      - list:
        - listitem:
          - link "All lists"
        - listitem:
          - link "Find"
        - listitem:
          - link "Trash"
        - listitem:
          - link "Settings"
  `);
});
