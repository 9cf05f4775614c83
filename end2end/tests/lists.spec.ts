import { addTodo, choose, expect, goTo, makeList, open, opener, openTodos, someone, taken, test, todo } from "../support/test.ts";

test.beforeEach(async ({ page, docket, name, js }) => someone(page, docket, name, js));

test("lists are made, renamed, marked as favourite, reordered and deleted", async ({ page, js }) => {
  for (const list of ["Groceries", "Work", "Garden"]) await makeList(page, list, js);
  await page.getByRole("main").getByRole("link", { name: "Rename Garden" }).click();
  await taken(page, js);
  await page.getByLabel("Name of the list").fill("Balcony");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Balcony" })).toBeVisible();
  await expect(page).toHaveTitle("Balcony");
  await open(page, "/lists", js);
  const rows = page.getByRole("main").locator(".rows .name");
  await expect(rows).toHaveText(["Groceries", "Work", "Balcony"]);
  await page.getByRole("button", { name: "Favourite: Work" }).click();
  await expect(rows).toHaveText(["Work", "Groceries", "Balcony"]);
  await taken(page, js);
  const balcony = page.getByRole("main").locator(".rows > li").filter({ hasText: "Balcony" });
  await choose(balcony, "Move up");
  await expect(rows).toHaveText(["Work", "Balcony", "Groceries"]);
  await taken(page, js);
  await choose(balcony, "Delete");
  await expect(rows).toHaveText(["Work", "Groceries"]);
  await taken(page, js);
  await open(page, "/trash", js);
  await page.getByRole("button", { name: "Restore Balcony" }).click();
  await expect(page.getByText("Nothing here.")).toBeVisible();
  await taken(page, js);
  await open(page, "/lists", js);
  await expect(rows).toHaveText(["Work", "Balcony", "Groceries"]);
});

test("todos are added, edited, done, reordered, moved, deleted and cleared", async ({ page, js }) => {
  await makeList(page, "Elsewhere", js);
  await makeList(page, "Today", js);
  // A new list waits for its first todo.
  if (js) await expect(page.getByLabel("New todo")).toBeFocused();
  for (const title of ["one", "two", "three"]) await addTodo(page, title, js);
  expect(await openTodos(page)).toEqual(["one", "two", "three"]);
  // Rows are dragged where scripts run.
  await expect(todo(page, "one").locator(".grip")).toBeVisible({ visible: js });

  await page.getByRole("link", { name: "two" }).click();
  await taken(page, js);
  await page.getByLabel("Title").fill("two, edited");
  await page.getByLabel("Notes").fill("first line\nsecond line");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(todo(page, "two, edited")).toContainText("second line");
  await expect(page.getByLabel("Title")).toBeHidden();
  await taken(page, js);

  await choose(todo(page, "three"), "Move up");
  await expect.poll(() => openTodos(page)).toEqual(["one", "three", "two, edited"]);
  await taken(page, js);
  await choose(todo(page, "one"), "Move down");
  await expect.poll(() => openTodos(page)).toEqual(["three", "one", "two, edited"]);
  await taken(page, js);

  await page.getByRole("checkbox", { name: "one", exact: true }).click();
  await expect(page.getByText("Done (1)")).toBeVisible();
  await taken(page, js);
  await page.getByText("Done (1)").click();
  await expect(page.getByRole("checkbox", { name: "one", exact: true })).toBeChecked();
  await page.getByRole("checkbox", { name: "one", exact: true }).click();
  await expect.poll(() => openTodos(page)).toEqual(["three", "one", "two, edited"]);
  await taken(page, js);

  await page.getByRole("link", { name: "one" }).click();
  await taken(page, js);
  await page.getByLabel("Move to").selectOption("Elsewhere");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await expect(page.getByText("Moved to “Elsewhere”.")).toBeVisible();
  await expect.poll(() => openTodos(page)).toEqual(["three", "two, edited"]);
  await taken(page, js);

  await choose(todo(page, "three"), "Delete");
  await expect.poll(() => openTodos(page)).toEqual(["two, edited"]);
  await taken(page, js);
  await page.getByRole("checkbox", { name: "two, edited" }).click();
  await expect(page.getByText("Done (1)")).toBeVisible();
  await taken(page, js);
  // It stays as open as it was left.
  if (!(await page.getByRole("button", { name: "Clear done" }).isVisible())) await page.getByText("Done (1)").click();
  await page.getByRole("button", { name: "Clear done" }).click();
  await expect(page.getByText("Nothing to do here.")).toBeVisible();
  await taken(page, js);

  await open(page, "/trash", js);
  await page.getByRole("button", { name: "Restore three" }).click();
  await expect(page.getByText("It is back where it was.")).toBeVisible();
  await taken(page, js);
  await choose(page.locator(".rows > li").filter({ hasText: "two, edited" }), "Remove for good");
  await expect(page.getByText("It is gone for good.")).toBeVisible();
  await taken(page, js);
  await goTo(page, "Today", js);
  await expect.poll(() => openTodos(page)).toEqual(["three"]);
});

test("what was put into the trash is brought back right there", async ({ page, js }) => {
  await makeList(page, "Today", js);
  await addTodo(page, "one", js);
  await choose(todo(page, "one"), "Delete");
  await expect(page.getByText("Nothing to do here.")).toBeVisible();
  await taken(page, js);
  await page.locator(".messages").getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => openTodos(page)).toEqual(["one"]);
  await taken(page, js);
  await choose(page.locator(".list-head"), "Delete");
  await expect(page.getByText("No lists yet.")).toBeVisible();
  await taken(page, js);
  await page.locator(".messages").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("main").getByRole("link", { name: "Today" })).toBeVisible();
});

test("every change is taken back right where it was made", async ({ page, js }) => {
  const undo = async () => {
    await taken(page, js);
    await page.locator(".messages").getByRole("button", { name: "Undo" }).click();
  };
  await makeList(page, "Elsewhere", js);
  await makeList(page, "Today", js);
  for (const title of ["one", "two", "three"]) await addTodo(page, title, js);
  await undo();
  await expect.poll(() => openTodos(page)).toEqual(["one", "two"]);
  await taken(page, js);

  await choose(todo(page, "two"), "Edit or move");
  await taken(page, js);
  await expect(page.getByLabel("Title")).toBeFocused();
  await page.getByLabel("Title").fill("second");
  await page.getByLabel("Notes").fill("a “quoted” <b>note</b>");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(todo(page, "second")).toContainText("a “quoted” <b>note</b>");
  await undo();
  await expect.poll(() => openTodos(page)).toEqual(["one", "two"]);
  await expect(todo(page, "two")).not.toContainText("quoted");
  await taken(page, js);

  await choose(todo(page, "two"), "Move up");
  await expect.poll(() => openTodos(page)).toEqual(["two", "one"]);
  await undo();
  await expect.poll(() => openTodos(page)).toEqual(["one", "two"]);
  await taken(page, js);

  await page.getByRole("checkbox", { name: "one" }).click();
  await expect.poll(() => openTodos(page)).toEqual(["two"]);
  await undo();
  await expect.poll(() => openTodos(page)).toEqual(["one", "two"]);
  await taken(page, js);

  await choose(todo(page, "one"), "Edit or move");
  await taken(page, js);
  await page.getByLabel("Move to").selectOption("Elsewhere");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await expect(page.getByText("Moved to “Elsewhere”.")).toBeVisible();
  await undo();
  await goTo(page, "Today", js);
  await expect.poll(async () => (await openTodos(page)).sort()).toEqual(["one", "two"]);

  await page.getByRole("link", { name: "Rename Today" }).click();
  await taken(page, js);
  await page.getByLabel("Name of the list").fill("Tomorrow");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Tomorrow" })).toBeVisible();
  await undo();
  await expect(page.getByRole("heading", { name: "Today" })).toBeVisible();
  await taken(page, js);
  await page.getByRole("button", { name: "Favourite: Today" }).click();
  await expect(page.getByRole("button", { name: "Favourite: Today", pressed: true })).toBeVisible();
  await undo();
  await expect(page.getByRole("button", { name: "Favourite: Today", pressed: false })).toBeVisible();
});

test("a menu and an editor come into view as a whole, wherever their todo stands", async ({ page, js }) => {
  await makeList(page, "Today", js);
  for (let number = 1; number <= 8; number += 1) await addTodo(page, `todo ${number}`, js);
  await opener(todo(page, "todo 8")).click();
  await expect(todo(page, "todo 8").getByRole("button", { name: "Delete" })).toBeInViewport({ ratio: 1 });
  await page.getByRole("link", { name: "todo 8" }).click();
  await taken(page, js);
  await expect(page.getByLabel("Title")).toBeFocused();
  const save = page.getByRole("button", { name: "Save" });
  await expect(save).toBeInViewport({ ratio: 1 });
  // Nor behind the bar of a phone.
  const isOnTop = await save.evaluate((button) => {
    const { left, bottom } = button.getBoundingClientRect();
    return document.elementFromPoint(left + 8, bottom - 4)?.closest("button") === button;
  });
  expect(isOnTop).toBe(true);
});

test("somebody else sees nothing of it", async ({ page, docket, name, js, browser }) => {
  await makeList(page, "Private", js);
  await addTodo(page, "secret", js);
  const other = await browser.newPage({ baseURL: docket.url, javaScriptEnabled: js });
  await someone(other, docket, `x${name}`, js);
  await expect(other.getByText("Private")).toHaveCount(0);
  const answer = await other.goto(page.url());
  expect(answer?.status()).toBe(404);
  await expect(other.getByRole("heading", { name: "This page is not here" })).toBeVisible();
  await expect(other.getByText("secret")).toHaveCount(0);
});

test("a title that is refused says why and stays", async ({ page, js }) => {
  await makeList(page, "Today", js);
  const long = "x".repeat(501);
  await page.getByLabel("New todo").fill(long);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("Use at most 500 characters.")).toBeVisible();
  await expect(page.getByLabel("New todo")).toHaveValue(long);
});

test("an edit that comes too late is told, and both texts are there", async ({ page, docket, js, context }) => {
  await makeList(page, "Today", js);
  await addTodo(page, "first", js);
  await page.getByRole("link", { name: "first" }).click();
  await taken(page, js);
  const other = await context.newPage();
  await open(other, page.url(), js);
  await other.getByLabel("Title").fill("theirs");
  const saved = other.waitForResponse(/edit_todo/);
  await other.getByRole("button", { name: "Save" }).click();
  await saved;
  await expect(todo(other, "theirs")).toBeVisible();
  await page.getByLabel("Title").fill("ours");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").getByText("This was changed elsewhere meanwhile.")).toContainText("It now says: “theirs”");
  await expect(page.getByLabel("Title")).toHaveValue("ours");
  await page.getByRole("button", { name: "Keep mine" }).click();
  await expect(todo(page, "ours")).toBeVisible();
});

// R34.
test("what people type is shown as they typed it, never run", async ({ page, js }) => {
  const evil = "</script><img src=x onerror=alert(1)>";
  page.on("dialog", () => {
    throw new Error("a script ran");
  });
  await makeList(page, evil, js);
  await addTodo(page, evil, js);
  await open(page, page.url(), js);
  await expect(todo(page, evil)).toBeVisible();
  await expect(page.locator("img")).toHaveCount(0);
});

test("lists and todos are found on a page, too", async ({ page, js }) => {
  await makeList(page, "Journeys", js);
  for (const title of ["Journey", "Journey home", "Book the train for the journey"]) await addTodo(page, title, js);
  await page.getByRole("checkbox", { name: "Journey home" }).click();
  await expect(page.getByText("Done (1)")).toBeVisible();
  await open(page, "/settings", js);
  await page.getByRole("link", { name: "Find" }).filter({ visible: true }).click();
  const results = page.getByRole("main").getByRole("listitem");
  await page.getByLabel("Go to a list, find a todo").fill("JOURNEY");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(results).toHaveText(["Journeys", "JourneyJourneys", "Book the train for the journeyJourneys", "Journey homeJourneys, done"]);
  await results.getByRole("link", { name: "Book the train for the journey" }).click();
  await expect(page.getByLabel("Title")).toHaveValue("Book the train for the journey");
  // Where only the notes hold it, the line of them that does is told.
  await page.getByLabel("Notes").fill("take a coat\nand a Sandwich");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Title")).toBeHidden();
  await open(page, "/find?text=sandwich", js);
  await expect(results).toHaveText(["Book the train for the journey — and a SandwichJourneys"]);
  await open(page, "/find?text=nowhere", js);
  await expect(page.getByText("Nothing found.")).toBeVisible();
  await open(page, `/find?text=${"x".repeat(501)}`, js);
  await expect(page.getByLabel("Go to a list, find a todo")).toHaveAccessibleDescription(/at most 500/);
});
