// A walk through Docket, step by step. Each step leaves a picture in docs/screenshots for the README.
import { choose, expect, makeList, open, someone, taken, test, todo } from "../support/test.ts";

const TODOS = ["Write to the landlord about the heating", "Book the train to Lyon", "Return the library books", "Water the tomatoes", "Call Mira about Saturday"];

test("the walk", async ({ page, docket }) => {
  const shoot = (name: string) => page.screenshot({ path: `../docs/screenshots/${name}.png` });
  await page.setViewportSize({ width: 1200, height: 750 });
  await page.emulateMedia({ colorScheme: "light" });
  await open(page, "/", true);
  await shoot("1-front");
  await someone(page, docket, "ann", true);
  for (const list of ["Groceries", "Work", "Garden", "This week"]) await makeList(page, list, true);
  await page.getByRole("button", { name: "Favourite: This week" }).click();
  await page.getByLabel("New todo").focus();
  for (const title of TODOS) {
    await page.keyboard.type(title);
    await page.keyboard.press("Enter");
  }
  await expect(todo(page, TODOS[4])).toBeVisible();
  await page.getByRole("link", { name: TODOS[1] }).click();
  await page.getByLabel("Notes").fill("The 7:04, a seat by the window");
  await shoot("2-edit");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("checkbox", { name: TODOS[2] }).click();
  await choose(todo(page, TODOS[3]), "Delete");
  await expect(page.getByText("is in the trash")).toBeVisible();
  await page.waitForLoadState("networkidle");
  await shoot("list");
  await page.locator(".messages").getByRole("button", { name: "Undo" }).click();
  await expect(todo(page, TODOS[3])).toBeVisible();
  await page.getByLabel("New todo").blur();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("train");
  await expect(page.getByRole("dialog").getByRole("link")).toHaveCount(1);
  await shoot("3-find");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await shoot("4-keys");
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.reload();
  await taken(page, true);
  await shoot("5-phone");
  await open(page, "/lists", true);
  await shoot("6-phone-lists");
});
