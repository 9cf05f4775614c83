// What makes it quick to work in where WebAssembly runs: undo, keys, the palette, pasting, dragging, other windows, and no
// change lost without a connection.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { addTodo, choose, expect, kept, makeList, open, opener, openTodos, sent, settled, someone, taken, test, todo } from "../support/test.ts";

test.beforeEach(async ({ page, docket, name, js }) => {
  await someone(page, docket, name, js);
  await makeList(page, "Today", js);
});

const messages = (page: Page) => page.locator(".messages");
const undo = (page: Page) => messages(page).getByRole("button", { name: "Undo" });
const count = (page: Page) => page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: /Today/ }).locator(".count");

test("every change of a todo is undone by the button beside its message", async ({ page, js }) => {
  await makeList(page, "Elsewhere", js);
  await makeList(page, "Now", js);
  for (const title of ["one", "two", "three"]) await addTodo(page, title, js);
  await expect(messages(page)).toHaveText(/“three” is added/);
  await undo(page).click();
  await expect(messages(page)).toHaveText("Undone.");
  expect(await openTodos(page)).toEqual(["one", "two"]);

  await page.getByRole("checkbox", { name: "one" }).click();
  await expect(messages(page)).toHaveText(/“one” is done/);
  await undo(page).click();
  await expect.poll(() => openTodos(page)).toEqual(["one", "two"]);

  await page.getByRole("link", { name: "two" }).click();
  await page.getByLabel("Title").fill("two, edited");
  await page.keyboard.press("Enter");
  await expect(messages(page)).toHaveText(/“two, edited” is saved/);
  await undo(page).click();
  await expect.poll(() => openTodos(page)).toEqual(["one", "two"]);

  await choose(todo(page, "two"), "Move up");
  await expect.poll(() => openTodos(page)).toEqual(["two", "one"]);
  await undo(page).click();
  await expect.poll(() => openTodos(page)).toEqual(["one", "two"]);

  await page.getByRole("link", { name: "one" }).click();
  await page.getByLabel("Move to").selectOption("Elsewhere");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await expect.poll(() => openTodos(page)).toEqual(["two"]);
  await undo(page).click();
  await expect.poll(() => openTodos(page)).toEqual(["one", "two"]);

  await choose(todo(page, "one"), "Delete");
  await expect(messages(page)).toHaveText(/“one” is in the trash/);
  await undo(page).click();
  await expect.poll(() => openTodos(page)).toEqual(["one", "two"]);
  await expect(page.getByRole("link", { name: "one" })).toBeFocused();

  for (const title of ["one", "two"]) await page.getByRole("checkbox", { name: title }).click();
  await page.getByText("Done (2)").click();
  await page.getByRole("button", { name: "Clear done" }).click();
  await expect(page.getByText("Done (2)")).toBeHidden();
  await undo(page).click();
  await expect(page.getByText("Done (2)")).toBeVisible();
  for (const title of ["one", "two"]) await page.getByRole("checkbox", { name: title }).click();
  await expect.poll(() => openTodos(page)).toEqual(["one", "two"]);
  await kept(page, ["one", "two"]);
});

test("every change of a list is undone, and what was restored goes back to the trash", async ({ page, js }) => {
  await makeList(page, "Work", js);
  await page.getByRole("button", { name: "Favourite: Work" }).click();
  await expect(page.getByRole("button", { name: "Favourite: Work" })).toHaveAttribute("aria-pressed", "true");
  await undo(page).click();
  await expect(page.getByRole("button", { name: "Favourite: Work" })).toHaveAttribute("aria-pressed", "false");

  await page.getByRole("link", { name: "Rename Work" }).click();
  await page.getByLabel("Name of the list").fill("Play");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Play" })).toBeVisible();
  await undo(page).click();
  await expect(page.getByRole("heading", { name: "Work" })).toBeVisible();

  await choose(page.locator(".list-head"), "Delete");
  await expect(page.getByRole("heading", { name: "Your lists" })).toBeVisible();
  const rows = page.getByRole("main").locator(".rows .name");
  await expect(rows).toHaveText(["Today"]);
  await undo(page).click();
  await expect(rows).toHaveText(["Today", "Work"]);

  await choose(page.getByRole("main").locator(".rows > li").filter({ hasText: "Work" }), "Move up");
  await expect(rows).toHaveText(["Work", "Today"]);
  await undo(page).click();
  await expect(rows).toHaveText(["Today", "Work"]);

  await choose(page.getByRole("main").locator(".rows > li").filter({ hasText: "Work" }), "Delete");
  await page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: "Trash" }).click();
  await page.getByRole("button", { name: "Restore Work" }).click();
  await expect(page.getByText("Nothing here.")).toBeVisible();
  await undo(page).click();
  await expect(page.getByRole("button", { name: "Restore Work" })).toBeVisible();
  await sent(page);
  await page.reload();
  await expect(page.getByRole("button", { name: "Restore Work" })).toBeVisible();
});

test("what was changed right before the page is left arrives, and nobody is asked", async ({ page, js }) => {
  for (const title of ["one", "two"]) await addTodo(page, title, js);
  await sent(page);
  const list = page.url();
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  // A browser that is slow to draw what has changed.
  await page.evaluate(() => {
    const later = window.setTimeout;
    window.requestAnimationFrame = () => 0;
    window.setTimeout = ((run: () => void, time?: number) => (time === 100 ? 0 : later(run, time))) as typeof window.setTimeout;
  });
  await page.getByRole("checkbox", { name: "one" }).click();
  await page.getByRole("link", { name: "Settings" }).filter({ visible: true }).click();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await open(page, list, js);
  await expect.poll(() => openTodos(page)).toEqual(["two"]);
  expect(asked).toEqual([]);
});

test("a menu in the trash stays open while the trash is asked for anew", async ({ page, js }) => {
  for (const title of ["one", "two"]) {
    await addTodo(page, title, js);
    await choose(todo(page, title), "Delete");
  }
  await page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: "Trash" }).click();
  await expect(page.getByRole("button", { name: "Restore one" })).toBeVisible();
  const { released, release } = latch();
  // Another program puts something there meanwhile.
  await page.route("**/trash_contents", async (route) => {
    const response = await route.fetch();
    const [item] = await response.json();
    await released;
    await route.fulfill({ json: [{ ...item, id: "00000000-0000-7000-8000-000000000000", title: "three" }, item] });
  });
  const asked = page.waitForRequest("**/trash_contents");
  await page.getByRole("button", { name: "Restore one" }).click();
  await asked;
  await page.locator(".rows > li").filter({ hasText: "two" }).locator("summary").click();
  release();
  await expect(page.getByRole("button", { name: "Restore three" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Remove for good" })).toBeVisible();
});

/** Another window, where a todo of the list on the page is given another title. */
async function editedElsewhere(page: Page, title: string, js: boolean) {
  const other = await page.context().newPage();
  await open(other, page.url(), js);
  await other.getByRole("link", { name: title }).click();
  await other.getByLabel("Title").fill("theirs");
  await other.keyboard.press("Enter");
  await expect(todo(other, "theirs")).toBeVisible();
  await sent(other);
  return other;
}

/** Something to wait for until it is released. */
function latch() {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  return { released, release };
}

/** Lets the server answer a call, once, and hands the answer over only when it is released. */
async function holdAnswer(page: Page, path: string) {
  const { released, release } = latch();
  const answered = new Promise<void>((resolve) =>
    page.route(path, async (route) => {
      const response = await route.fetch();
      resolve();
      await released;
      await route.fulfill({ response });
    }, { times: 1 }),
  );
  return { answered, release };
}

test("what is restored while the trash is read is not shown in it", async ({ page, js }) => {
  await addTodo(page, "one", js);
  await choose(todo(page, "one"), "Delete");
  await sent(page);
  const trash = await holdAnswer(page, "**/trash_contents");
  await page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: "Trash" }).click();
  await trash.answered;
  await undo(page).click();
  await sent(page);
  trash.release();
  await expect(page.getByRole("heading", { name: "Trash" })).toBeVisible();
  await expect(page.getByText("Nothing here.")).toBeVisible();
});

test("undoing an edit does not overwrite what another window wrote since", async ({ page, js }) => {
  await addTodo(page, "first", js);
  await page.getByRole("link", { name: "first" }).click();
  await page.getByLabel("Title").fill("ours");
  await page.keyboard.press("Enter");
  await expect(todo(page, "ours")).toBeVisible();
  await sent(page);
  await editedElsewhere(page, "ours", js);
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect(todo(page, "theirs")).toBeVisible();
  await page.getByLabel("New todo").blur();
  await page.keyboard.press("u");
  await expect(page.getByRole("status").getByText("This was changed elsewhere meanwhile.")).toBeVisible();
  await expect(todo(page, "theirs")).toBeVisible();
});

test("what was done on a page that has been left is undone from another", async ({ page, js }) => {
  await addTodo(page, "one", js);
  await choose(todo(page, "one"), "Delete");
  await expect(count(page)).toHaveText(/^0/);
  await page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: "All lists" }).click();
  await expect(page.getByRole("heading", { name: "Your lists" })).toBeVisible();
  await page.keyboard.press("u");
  await expect(count(page)).toHaveText(/^1/);
  await page.getByRole("main").getByRole("link", { name: "Today" }).click();
  await expect.poll(() => openTodos(page)).toEqual(["one"]);
});

test("several pasted lines are several todos, and one step back takes them away", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText("- milk\n\n * [ ] bread \r\n3. butter\n[x] eggs\n"));
  await page.getByLabel("New todo").focus();
  await page.keyboard.press("Control+v");
  await expect.poll(() => openTodos(page)).toEqual(["milk", "bread", "butter"]);
  await expect(messages(page)).toHaveText(/4 todos are added/);
  await expect(page.getByLabel("New todo")).toBeFocused();
  await kept(page, ["milk", "bread", "butter"]);
  // What was ticked is done.
  await expect(page.getByText("Done (1)")).toBeVisible();
});

test("todos are dragged to another place, by mouse and by finger", async ({ page, js }) => {
  for (const title of ["one", "two", "three"]) await addTodo(page, title, js);
  const grip = async (title: string) => (await todo(page, title).locator(".grip").boundingBox())!;
  const drag = async (title: string, y: number) => {
    const from = await grip(title);
    await page.mouse.move(from.x + 4, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(from.x + 4, y, { steps: 5 });
  };
  const first = (await todo(page, "one").boundingBox())!;
  await drag("three", first.y + 2);
  await expect(todo(page, "one")).toHaveAttribute("data-drop", "before");
  await page.mouse.up();
  await expect.poll(() => openTodos(page)).toEqual(["three", "one", "two"]);
  await expect(page.locator("[data-drop], [data-dragged]")).toHaveCount(0);
  const last = (await todo(page, "two").boundingBox())!;
  await drag("three", last.y + last.height + 20);
  await page.mouse.up();
  await expect.poll(() => openTodos(page)).toEqual(["one", "two", "three"]);
  // Dropped where it was, nothing happens.
  await drag("two", (await todo(page, "two").boundingBox())!.y + 2);
  await page.mouse.up();
  expect(await openTodos(page)).toEqual(["one", "two", "three"]);
  await undo(page).click();
  await expect.poll(() => openTodos(page)).toEqual(["three", "one", "two"]);
  await kept(page, ["three", "one", "two"]);
});

test("everything is done by keyboard alone", async ({ page }) => {
  const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  await press("n");
  await expect(page.getByLabel("New todo")).toBeFocused();
  for (const title of ["jkl", "xnu", "?gt"]) {
    await page.keyboard.type(title);
    await press("Enter");
  }
  // None of the keys worked while they were typed.
  await expect.poll(() => openTodos(page)).toEqual(["jkl", "xnu", "?gt"]);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByLabel("New todo").blur();
  await press("j", "j", "Alt+ArrowUp");
  await expect.poll(() => openTodos(page)).toEqual(["xnu", "jkl", "?gt"]);
  await expect(page.getByRole("link", { name: "xnu" })).toBeFocused();
  await press("x");
  await expect.poll(() => openTodos(page)).toEqual(["jkl", "?gt"]);
  await expect(page.getByRole("link", { name: "jkl" })).toBeFocused();
  await press("Delete");
  await expect.poll(() => openTodos(page)).toEqual(["?gt"]);
  await expect(page.getByRole("link", { name: "?gt" })).toBeFocused();
  await press("u");
  await expect.poll(() => openTodos(page)).toEqual(["jkl", "?gt"]);
  await press("k", "e");
  await expect(page.getByLabel("Title")).toBeFocused();
  await press("Escape");
  await expect(page.getByLabel("Title")).toBeHidden();
  await expect(page.getByRole("link", { name: "jkl" })).toBeFocused();
  // What is done lies on the way, behind what unfolds it.
  await press("j", "j");
  await expect(page.locator(".done > summary")).toBeFocused();
  await press("x", "Delete");
  await expect(page.getByText("Done (1)")).toBeVisible();
  await press("Enter", "j");
  await expect(page.getByRole("link", { name: "xnu" })).toBeFocused();
  await page.locator(".skip").focus();
  await press("Enter", "Tab");
  await expect(page.getByRole("main").locator(":focus")).toHaveCount(1);
  await press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await press("g", "t");
  await expect(page.getByRole("heading", { name: "Trash" })).toBeVisible();
  await press("g", "l");
  await expect(page.getByRole("heading", { name: "Your lists" })).toBeVisible();
  await press("n");
  await expect(page.getByRole("main").getByLabel("New list")).toBeFocused();
  await page.keyboard.type("Tomorrow");
  await press("Enter");
  await expect(page.getByRole("heading", { name: "Tomorrow" })).toBeVisible();
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  await press("g", "s");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
});

test("the palette leads to lists, todos and actions", async ({ page, js }) => {
  await addTodo(page, "Book the train", js);
  await makeList(page, "Garden", js);
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to a list, find a todo" });
  await expect(palette.getByRole("textbox")).toBeFocused();
  await page.keyboard.type("train");
  await expect(palette.getByRole("link")).toHaveText(["Book the trainToday"]);
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Title")).toHaveValue("Book the train");
  await expect(page.getByLabel("Title")).toBeFocused();
  await page.keyboard.type(" home");
  await expect(page.getByLabel("Title")).toHaveValue("Book the train home");
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  // What is typed chooses the first line, so the arrow leads to the second.
  await page.keyboard.type("g");
  await expect(palette.getByRole("link")).toHaveText([/Garden/, /Settings/]);
  await page.keyboard.press("ArrowDown");
  await expect(palette.getByRole("link", { name: "Settings" })).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(palette.getByRole("textbox")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Garden" })).toBeVisible();
  await expect(palette).toBeHidden();
  await page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: "Find" }).click();
  await page.keyboard.type("settings");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await open(page, "/lists", js);
  await page.keyboard.press("/");
  await page.keyboard.type("show the keys");
  await palette.getByRole("link", { name: "Show the keys" }).click();
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await palette.getByRole("button", { name: "Close" }).click();
  await expect(palette).toBeHidden();
});

test("what changed in another window shows when one comes back", async ({ page, js, context }) => {
  await addTodo(page, "one", js);
  await sent(page);
  const other = await context.newPage();
  await open(other, page.url(), js);
  await addTodo(other, "two", js);
  await other.getByRole("checkbox", { name: "one" }).click();
  await sent(other);
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect.poll(() => openTodos(page)).toEqual(["two"]);
  await expect(page.getByText("Done (1)")).toBeVisible();
  await expect(count(page)).toHaveText(/^1/);
});

test("an edit after one has come back does not overwrite what another window wrote", async ({ page, js, context }) => {
  await addTodo(page, "first", js);
  await page.getByRole("link", { name: "first" }).click();
  await expect(page.getByLabel("Title")).toBeFocused();
  await sent(page);
  const other = await context.newPage();
  await open(other, page.url(), js);
  await other.getByLabel("Title").fill("theirs");
  const saved = other.waitForResponse(/edit_todo/);
  await other.keyboard.press("Enter");
  await saved;
  await expect(todo(other, "theirs")).toBeVisible();
  const looked = page.waitForResponse("**/rpc/app/todos/see_list");
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await looked;
  await page.getByLabel("Title").fill("ours");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").getByText("This was changed elsewhere meanwhile.")).toContainText("It now says: “theirs”");
  await expect(page.getByLabel("Title")).toHaveValue("ours");
  await whole(page, "conflict");
  await page.getByRole("link", { name: "Take the other one" }).click();
  await expect(todo(page, "theirs")).toBeVisible();
});

test("what is refused after one has gone on is told with what was typed", async ({ page, js, context }) => {
  await makeList(page, "Elsewhere", js);
  await makeList(page, "Now", js);
  await addTodo(page, "first", js);
  await page.getByRole("link", { name: "first" }).click();
  await expect(page.getByLabel("Title")).toBeFocused();
  await sent(page);
  const other = await context.newPage();
  await open(other, page.url(), js);
  await other.getByLabel("Title").fill("theirs");
  const saved = other.waitForResponse(/edit_todo/);
  await other.keyboard.press("Enter");
  await saved;
  await expect(todo(other, "theirs")).toBeVisible();
  await page.getByLabel("Title").fill("ours");
  await page.getByLabel("Notes").fill("and why");
  await page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: /Elsewhere/ }).click();
  await expect(page.getByRole("status").getByText("This was changed elsewhere meanwhile.")).toContainText("You wrote: “ours” with the notes “and why”");
});

test.describe("with the network cut for a while", () => {
  test.use({ cut: true });

  test("what was written meanwhile overwrites nothing that others wrote, wherever one has gone on to", async ({ page, js }) => {
    await makeList(page, "Elsewhere", js);
    await makeList(page, "Now", js);
    for (const title of ["first", "second"]) await addTodo(page, title, js);
    await sent(page);
    const other = await editedElsewhere(page, "first", js);
    await page.route("**/rpc/app/todos/set_done", (route) => route.abort());
    await page.getByRole("checkbox", { name: "second" }).click();
    await expect(page.getByText("One change waits here")).toBeVisible();
    await page.getByRole("link", { name: "first" }).click();
    await page.getByLabel("Title").fill("ours");
    await page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: /Elsewhere/ }).click();
    await expect(page.getByRole("heading", { name: "Elsewhere", level: 1 })).toBeVisible();
    await page.unroute("**/rpc/app/todos/set_done");
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await sent(page);
    await other.reload();
    await expect.poll(() => openTodos(other)).toEqual(["theirs"]);
  });
});

test("a double click ticks one todo, not the one that moves up too", async ({ page, js }) => {
  for (const title of ["one", "two", "three"]) await addTodo(page, title, js);
  const area = (await page.getByRole("checkbox", { name: "one" }).boundingBox())!;
  await page.mouse.dblclick(area.x + 20, area.y + 20, { delay: 40 });
  await expect(page.getByText("Done (1)")).toBeVisible();
  expect(await openTodos(page)).toEqual(["two", "three"]);
});

test("what is typed into an editor is kept, however one leaves it but by Escape", async ({ page, js }) => {
  await makeList(page, "Elsewhere", js);
  await makeList(page, "Now", js);
  for (const title of ["one", "two"]) await addTodo(page, title, js);
  await page.getByRole("link", { name: "one" }).click();
  await page.getByLabel("Notes").fill("left for another todo");
  await page.getByRole("link", { name: "two" }).click();
  await expect(todo(page, "one")).toContainText("left for another todo");
  await page.getByLabel("Notes").fill("saved by Ctrl+Enter");
  await page.keyboard.press("Control+Enter");
  await expect(todo(page, "two")).toContainText("saved by Ctrl+Enter");
  await page.getByRole("link", { name: "two" }).click();
  await page.getByLabel("Notes").fill("thrown away");
  await page.keyboard.press("Escape");
  await expect(todo(page, "two")).toContainText("saved by Ctrl+Enter");
  await page.getByRole("link", { name: "two" }).click();
  await page.getByLabel("Notes").fill("goes along");
  await page.getByLabel("Move to").selectOption("Elsewhere");
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await expect.poll(() => openTodos(page)).toEqual(["one"]);
  await page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: /Elsewhere/ }).click();
  await expect(todo(page, "two")).toContainText("goes along");
});

test("arrows walk through an open menu, and keys leave the rows alone meanwhile", async ({ page, js }) => {
  for (const title of ["one", "two", "three"]) await addTodo(page, title, js);
  await opener(todo(page, "two")).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await expect(todo(page, "two").getByRole("button", { name: "Edit or move" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(todo(page, "two").getByRole("button", { name: "Move up" })).toBeFocused();
  await page.keyboard.press("Delete");
  expect(await openTodos(page)).toEqual(["one", "two", "three"]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect.poll(() => openTodos(page)).toEqual(["one", "three", "two"]);
  // The keyboard has come along.
  await expect(todo(page, "two").locator(":focus")).toHaveCount(1);
  // What leads nowhere is passed over.
  await opener(todo(page, "one")).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(todo(page, "one").getByRole("button", { name: "Move down" })).toBeFocused();
});

test("the keyboard is never left nowhere when what it was on has gone", async ({ page, js }) => {
  const at = () => page.evaluate(() => document.activeElement!.closest("li")?.querySelector(".name")?.textContent ?? document.activeElement!.tagName);
  await makeList(page, "Elsewhere", js);
  await makeList(page, "Now", js);
  for (const title of ["one", "two", "three"]) await addTodo(page, title, js);
  const press = async (name: string) => {
    await page.getByRole("main").getByRole("button", { name, exact: true }).filter({ visible: true }).focus();
    await page.keyboard.press("Enter");
  };
  await page.getByRole("link", { name: "two" }).click();
  await page.getByRole("link", { name: "Cancel" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Title")).toBeHidden();
  await expect.poll(at).toBe("two");
  await page.getByRole("link", { name: "two" }).click();
  await press("Move");
  await expect.poll(() => openTodos(page)).toEqual(["one", "three"]);
  await expect.poll(at).toBe("three");
  for (const title of ["one", "three"]) await choose(todo(page, title), "Delete");
  await expect.poll(() => openTodos(page)).toEqual([]);

  await page.getByRole("link", { name: "Rename Now" }).click();
  await page.getByRole("link", { name: "Cancel" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Name of the list")).toBeHidden();
  await expect.poll(at).toBe("MAIN");

  await open(page, "/trash", js);
  await page.getByRole("button", { name: "Restore three" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("It is back where it was.")).toBeVisible();
  await expect.poll(at).toBe("one");
});

test("the keyboard goes from a button in a message back to where it was", async ({ page, js }) => {
  for (const title of ["one", "two", "three"]) await addTodo(page, title, js);
  await page.getByRole("link", { name: "two" }).focus();
  await page.keyboard.press("x");
  await expect(page.getByRole("link", { name: "three" })).toBeFocused();
  await expect(messages(page)).toHaveText(/“two” is done/);
  await undo(page).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => openTodos(page)).toEqual(["one", "two", "three"]);
  await expect(page.getByRole("link", { name: "three" })).toBeFocused();
});

test("the keyboard is not lost with a message that had it before all else", async ({ page, js }) => {
  await addTodo(page, "one", js);
  await sent(page);
  await open(page, page.url(), js);
  await page.evaluate(() => {
    const button = document.createElement("button");
    document.querySelector(".messages")!.append(button);
    button.focus();
    button.remove();
  });
  await expect(page.getByRole("main")).toBeFocused();
});

test("the keyboard goes from an editor back to its todo, whatever else has just changed", async ({ page, js }) => {
  for (const title of ["one", "two"]) await addTodo(page, title, js);
  await page.getByRole("link", { name: "two" }).click();
  await expect(page.getByLabel("Title")).toBeFocused();
  await page.evaluate(async () => {
    document.body.append(document.createElement("i"));
    document.body.lastElementChild!.remove();
    await new Promise(requestAnimationFrame);
    // Between that frame and the next.
    await new Promise((then) => setTimeout(then));
    document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
  });
  await expect(page.getByRole("link", { name: "two" })).toBeFocused();
});

test("what is rehearsed once a page is there, nobody notices", async ({ page, js }) => {
  await addTodo(page, "one", js);
  await sent(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const list = page.url();
  await open(page, list, js);
  await expect(count(page)).toHaveText(/^1/);
  asked.length = 0;
  await page.evaluate(async () => {
    for (let i = 0; i < 8; i += 1) {
      await new Promise((then) => requestIdleCallback(then));
      await new Promise(requestAnimationFrame);
    }
  });
  expect(asked).toEqual([]);
  await expect(messages(page)).toHaveText("");
  await expect(count(page)).toHaveText(/^1/);
  expect(await openTodos(page)).toEqual(["one"]);
});

test("an edit is undone from the page of another list", async ({ page, js }) => {
  await addTodo(page, "first", js);
  await page.getByRole("link", { name: "first" }).click();
  await page.getByLabel("Title").fill("second");
  await page.keyboard.press("Enter");
  await expect(todo(page, "second")).toBeVisible();
  await page.getByRole("navigation", { name: "Your lists" }).getByLabel("New list").fill("Elsewhere");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Elsewhere" })).toBeVisible();
  // A new list waits for its first todo; keys work when one has left its field.
  await expect(page.getByLabel("New todo")).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("u");
  await expect(page.getByRole("heading", { name: "Your lists" })).toBeVisible();
  await page.keyboard.press("u");
  await expect(messages(page)).toHaveText("Undone.");
  await page.getByRole("main").getByRole("link", { name: "Today" }).click();
  await expect(todo(page, "first")).toBeVisible();
});

test.describe("with the network cut", () => {
  test.use({ cut: true });

  test("changes are held, seen to be held, and sent when the server is back", async ({ page, js }) => {
    await addTodo(page, "one", js);
    await sent(page);
    await page.route("**/rpc/**", (route) => route.abort());
    await page.getByRole("checkbox", { name: "one" }).click();
    await expect(page.getByText("One change waits here")).toBeVisible();
    await page.getByLabel("New todo").fill("two");
    await page.keyboard.press("Enter");
    await expect(page.getByText("2 changes wait here")).toBeVisible();
    await whole(page, "held");
    await expect.poll(() => openTodos(page)).toEqual(["two"]);
    // Whoever leaves now is asked.
    const asked = page.waitForEvent("dialog");
    const leaving = page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    await leaving;
    await page.unroute("**/rpc/**");
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await expect(page.getByText("wait here")).toHaveCount(0);
    await expect(page.getByRole("status").filter({ hasText: "The server is back" })).toBeVisible();
    await kept(page, ["two"]);
    await expect(page.getByText("Done (1)")).toBeVisible();
  });

  test("what is brought back and edited without a connection is one's own change", async ({ page, js }) => {
    await makeList(page, "Elsewhere", js);
    await makeList(page, "Now", js);
    for (const title of ["deleted", "moved", "ticked"]) await addTodo(page, title, js);
    await sent(page);
    await page.route("**/rpc/**", (route) => route.abort());
    const edit = async (title: string) => {
      await page.getByRole("link", { name: title }).click();
      await page.getByLabel("Title").fill(`${title}, edited`);
    };
    await choose(todo(page, "deleted"), "Delete");
    await undo(page).click();
    await edit("deleted");
    await page.keyboard.press("Enter");
    await edit("moved");
    await page.getByLabel("Title").fill("moved");
    await page.getByLabel("Move to").selectOption("Elsewhere");
    await page.getByRole("button", { name: "Move", exact: true }).click();
    await undo(page).click();
    await edit("moved");
    await page.keyboard.press("Enter");
    await page.getByRole("checkbox", { name: "ticked" }).click();
    await page.getByText("Done (1)").click();
    await page.getByRole("button", { name: "Clear done" }).click();
    await undo(page).click();
    await edit("ticked");
    await page.keyboard.press("Enter");
    await page.unroute("**/rpc/**");
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await expect(page.getByText("wait here")).toHaveCount(0);
    await sent(page);
    // Which is not said where something was refused.
    await expect(messages(page)).toHaveText("The server is back, and has all that waited here.");
    await kept(page, ["deleted, edited", "moved, edited"]);
    await expect(page.locator(".done .title")).toHaveText(["ticked, edited"]);
  });
});

test.describe("with answers that are lost", () => {
  test.use({ cut: true });

  test("what is sent twice is done once", async ({ page, js }) => {
    for (const title of ["one", "two", "three"]) await addTodo(page, title, js);
    await sent(page);
    // Everything arrives, and of each the first answer does not.
    const lost = new Set<string>();
    await page.route("**/rpc/app/todos/**", async (route) => {
      const call = route.request().url() + route.request().postData();
      if (lost.has(call) || call.includes("see_list")) return route.continue();
      lost.add(call);
      await route.fetch();
      await route.abort();
    });
    const online = async () => {
      await expect(page.getByText("wait here").or(page.getByText("waits here"))).toBeVisible();
      await page.evaluate(() => window.dispatchEvent(new Event("online")));
      await expect(page.getByText("wait here").or(page.getByText("waits here"))).toHaveCount(0);
    };
    await choose(todo(page, "one"), "Delete");
    await online();
    await expect.poll(() => openTodos(page)).toEqual(["two", "three"]);
    await page.getByRole("link", { name: "two" }).click();
    await page.getByLabel("Title").fill("two, edited");
    await page.keyboard.press("Enter");
    await online();
    await expect.poll(() => openTodos(page)).toEqual(["two, edited", "three"]);
    await choose(todo(page, "three"), "Move up");
    await online();
    await page.getByLabel("New todo").fill("four");
    await page.keyboard.press("Enter");
    await online();
    await expect.poll(() => openTodos(page)).toEqual(["three", "two, edited", "four"]);
    await expect(messages(page)).toHaveText("The server is back, and has all that waited here.");
    await page.unrouteAll();
    await kept(page, ["three", "two, edited", "four"]);
  });

  test("lists made without a connection are all there when it is back", async ({ page, js }) => {
    await sent(page);
    await page.route("**/rpc/**", (route) => route.abort());
    const sidebar = page.getByRole("navigation", { name: "Your lists" });
    for (const list of ["A", "B"]) {
      await sidebar.getByLabel("New list").fill(list);
      await page.keyboard.press("Enter");
      await expect(sidebar.getByRole("link", { name: new RegExp(`^${list} `) })).toBeVisible();
    }
    await expect(page.getByText("2 changes wait here")).toBeVisible();
    await page.unroute("**/rpc/**");
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await expect(page.getByText("wait here")).toHaveCount(0);
    await open(page, "/lists", js);
    await expect(page.getByRole("main").locator(".rows .name")).toHaveText(["Today", "A", "B"]);
  });
});

test("the keys are switched off for whoever strikes them by accident", async ({ page }) => {
  await page.getByLabel("New todo").blur();
  await page.keyboard.press("?");
  await page.getByLabel("These keys work on this device").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await expect(page.getByLabel("New todo")).not.toBeFocused();
  await page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: "Find" }).click();
  await page.keyboard.type("show the keys");
  await page.keyboard.press("Enter");
  await page.getByLabel("These keys work on this device").check();
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await expect(page.getByLabel("New todo")).toBeFocused();
});

test("keys lead from the settings to the other pages, and are told in their sheet", async ({ page, js }) => {
  const sheet = page.getByRole("dialog", { name: "Keys" });
  await open(page, "/settings", js);
  await page.keyboard.press("?");
  await expect(sheet).toContainText("Go to the trash");
  await expect(sheet).not.toContainText("Next row");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await page.keyboard.type("gt");
  await expect(page).toHaveURL(/\/trash$/);
  await taken(page, js);
  await page.keyboard.type("gs");
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  // Nothing leads away while something is typed.
  const field = page.getByRole("textbox", { name: "User name" });
  await field.fill("");
  await field.pressSequentially("gl/?");
  await expect(field).toHaveValue("gl/?");
  await expect(sheet).toBeHidden();
  await field.blur();
  await page.keyboard.press("/");
  await expect(page.getByLabel("Go to a list, find a todo")).toBeFocused();
  await page.getByLabel("Go to a list, find a todo").blur();
  await page.keyboard.press("?");
  await page.getByLabel("These keys work on this device").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(sheet).toBeHidden();
});

test("a message goes by itself, but not while the keyboard is on it", async ({ page, js }) => {
  await page.clock.install();
  await addTodo(page, "one", js);
  await undo(page).focus();
  await page.clock.fastForward(20_000);
  await expect(undo(page)).toBeVisible();
  await page.getByLabel("New todo").focus();
  await page.clock.fastForward(9_000);
  await expect(messages(page)).toHaveText("");
});

/** Has no violation, in both themes, and leaves a picture to look at. */
async function whole(page: Page, what: string) {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    const axe = await new AxeBuilder({ page }).analyze();
    expect(axe.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`), `${what} ${colorScheme}`).toEqual([]);
    await page.screenshot({ path: `screenshots/${what}-${colorScheme}.png` });
  }
}

test("what opens above a page is whole too, in both themes", async ({ page, js }) => {
  await addTodo(page, "Book the train", js);
  await whole(page, "message");
  await opener(todo(page, "Book the train")).click();
  await whole(page, "menu");
  await page.keyboard.press("Escape");
  await expect(opener(todo(page, "Book the train"))).toBeFocused();
  await page.keyboard.press("?");
  await whole(page, "keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("train");
  await expect(page.getByRole("dialog").getByRole("link", { name: "Book the train" })).toBeVisible();
  await whole(page, "palette");
  await page.keyboard.type("zzz");
  await expect(page.getByText("Nothing found.")).toBeVisible();
  await whole(page, "palette-empty");
});

test("what went wrong is whole too, in both themes", async ({ page, js }) => {
  await page.getByLabel("New todo").fill("x".repeat(501));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Use at most 500 characters.")).toBeVisible();
  await whole(page, "refused");
  await page.getByLabel("New todo").fill("one");
  await page.keyboard.press("Enter");
  await sent(page);
  await page.route("**/rpc/app/todos/set_done", (route) => route.fulfill({ status: 400, body: "{}" }));
  await page.getByRole("checkbox", { name: "one" }).click();
  await expect(page.locator(".message.failure")).toBeVisible();
  await whole(page, "failure");
  await page.locator(".messages").getByRole("button", { name: "Close" }).click();
  await expect(page.locator(".message.failure")).toHaveCount(0);
});

test("what happens is announced, and names what it happened to", async ({ page }) => {
  const told = page.locator(".messages");
  await expect(told).toHaveRole("status");
  await page.getByLabel("New todo").fill("one");
  await page.keyboard.press("Enter");
  await expect(told).toContainText("“one” is added.");
  await page.getByRole("checkbox", { name: "one" }).click();
  await expect(told).toContainText("“one” is done.");
  await undo(page).click();
  await expect(told).toContainText("Undone.");
  await choose(todo(page, "one"), "Delete");
  await expect(told).toContainText("“one” is in the trash.");
});

test("nothing moves while a list is taken over", async ({ page, js }) => {
  for (const title of ["one", "two", "three"]) await addTodo(page, title, js);
  await sent(page);
  await page.addInitScript(() => {
    Object.assign(window, { shift: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) (window as any).shift += (entry as any).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.reload();
  await taken(page, js);
  await expect(todo(page, "three")).toBeVisible();
  expect(await page.evaluate(() => (window as any).shift)).toBeLessThanOrEqual(0.01);
});

/** Pastes todos, one a line. */
const pasteTodos = (page: Page, titles: string[]) =>
  page.getByLabel("New todo").evaluate((field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, titles.join("\n"));

test("a long list comes in stretches, and todos move from one to the other", async ({ page, js }) => {
  const titles = Array.from({ length: 53 }, (_, index) => `todo ${index}`);
  await pasteTodos(page, titles);
  const stretches = page.getByRole("group", { name: "To do" }).getByRole("list");
  await expect(stretches).toHaveCount(3);
  await expect(count(page)).toHaveText(/^53/);
  await kept(page, titles);
  await taken(page, js);
  await expect(stretches).toHaveCount(3);
  // Up into the stretch before, and down again.
  await choose(todo(page, "todo 25"), "Move up");
  await expect.poll(() => openTodos(page)).toEqual(titles.toSpliced(24, 2, "todo 25", "todo 24"));
  await expect(stretches.first().getByRole("listitem")).toHaveCount(26);
  await choose(todo(page, "todo 25"), "Move down");
  await expect.poll(() => openTodos(page)).toEqual(titles);
  // Away with all of the last one: what is added joins the one before as long as there is room, and begins another then.
  for (const title of titles.slice(50)) await page.getByRole("checkbox", { name: title, exact: true }).click();
  await expect(stretches).toHaveCount(2);
  await expect(page.locator(".done .rows")).toHaveCount(1);
  await addTodo(page, "one more", js);
  await expect(stretches).toHaveCount(2);
  await addTodo(page, "the last", js);
  await expect(stretches).toHaveCount(3);
  const left = [...titles.slice(0, 50), "one more", "the last"];
  expect(await openTodos(page)).toEqual(left);
  // Nothing is left of a stretch that its only one moves out of.
  await choose(todo(page, "the last"), "Move up");
  await expect(stretches).toHaveCount(2);
  await choose(todo(page, "the last"), "Move down");
  await expect.poll(() => openTodos(page)).toEqual(left);
  // The keyboard walks from one to the other.
  await todo(page, "todo 24").locator("a.title").focus();
  await page.keyboard.press("j");
  await expect(todo(page, "todo 25").locator("a.title")).toBeFocused();
  // An editor stands in its place, also when the page comes with it.
  await page.keyboard.press("e");
  await expect(page.getByLabel("Title")).toHaveValue("todo 25");
  await page.reload();
  await taken(page, js);
  await page.getByLabel("Title").fill("todo twenty-five");
  await page.keyboard.press("Enter");
  const edited = left.with(25, "todo twenty-five");
  await kept(page, edited);
  await taken(page, js);
  // Dragged out of one into the other.
  const moved = todo(page, "todo twenty-five");
  await moved.scrollIntoViewIfNeeded();
  const { x, y, height } = (await moved.locator(".grip").boundingBox())!;
  const above = (await todo(page, "todo 22").boundingBox())!;
  await page.mouse.move(x + 4, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + 4, above.y + 4, { steps: 5 });
  await page.mouse.up();
  await kept(page, edited.toSpliced(25, 1).toSpliced(22, 0, "todo twenty-five"));
});

test("what is out of sight takes as much room as in sight", async ({ page, js }) => {
  await pasteTodos(page, Array.from({ length: 200 }, (_, index) => `todo ${index}`));
  await sent(page);
  await page.reload();
  await taken(page, js);
  const stretches = page.getByRole("group", { name: "To do" }).getByRole("list");
  await expect(stretches).toHaveCount(8);
  const heights = () => stretches.evaluateAll((all) => all.map((stretch) => stretch.getBoundingClientRect().height));
  // Nothing of them is laid out.
  const isSkipped = await todo(page, "todo 160").evaluate((row) => !row.checkVisibility({ contentVisibilityAuto: true }));
  expect(isSkipped).toBe(true);
  const unseen = await heights();
  await stretches.evaluateAll((all: HTMLElement[]) => all.forEach((stretch) => (stretch.style.contentVisibility = "visible")));
  expect(unseen).toEqual(await heights());
});

test("what another program has put in another order shows in that order", async ({ page, js }) => {
  const titles = Array.from({ length: 60 }, (_, index) => `todo ${index}`);
  await pasteTodos(page, titles);
  await expect(count(page)).toHaveText(/^60/);
  await kept(page, titles);
  await taken(page, js);
  // Some rows go, some come, some move by little and some by much; the page is not loaded anew.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await taken(other, js);
  for (const title of ["todo 59", "todo 24", "todo 26"]) await choose(todo(other, title), "Move up");
  for (const title of ["todo 0", "todo 25", "todo 30"]) await choose(todo(other, title), "Move down");
  for (const title of ["todo 3", "todo 49", "todo 50"]) await choose(todo(other, title), "Delete");
  for (const title of ["todo 10", "todo 40"]) await other.getByRole("checkbox", { name: title, exact: true }).click();
  await addTodo(other, "one more", js);
  await sent(other);
  const order = await openTodos(other);
  await kept(other, order);
  await other.close();
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect.poll(() => openTodos(page)).toEqual(order);
});

test("a link to a list keeps the keyboard while what it says changes", async ({ page, js }) => {
  await addTodo(page, "one", js);
  await sent(page);
  const link = page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: /^Today/ });
  await link.focus();
  const other = await page.context().newPage();
  await open(other, page.url(), js);
  await addTodo(other, "two", js);
  await sent(other);
  await other.close();
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect(link).toHaveAccessibleName("Today 2 to do");
  await expect(link).toBeFocused();
});

test("what is read anew has everything in it that was changed meanwhile", async ({ page, js }) => {
  await addTodo(page, "one", js);
  await sent(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const hold = async (path: string) => {
    const { released, release } = latch();
    await page.route(`**${path}`, async (route) => {
      await released;
      await route.continue();
    });
    return release;
  };
  const [lists, todos, change] = ["/rpc/app/lists/all_lists", "/rpc/app/todos/see_list", "/rpc/app/todos/set_done"];
  const [answerLists, takeChange] = [await hold(lists), await hold(change)];
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect.poll(() => asked).toContain(lists);
  await page.getByRole("checkbox", { name: "one" }).click();
  await expect.poll(() => asked).toContain(change);
  const answered = page.waitForResponse(`**${lists}`);
  answerLists();
  await (await answered).finished();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  expect(asked).not.toContain(todos);
  takeChange();
  await expect.poll(() => asked).toContain(todos);
  await sent(page);
  expect(await openTodos(page)).toEqual([]);
});

test("who presses something before all is taken over finds it taken over", async ({ page, js }) => {
  await addTodo(page, "one", js);
  await makeList(page, "Elsewhere", js);
  const list = page.url();
  for (const title of ["two", "three"]) await addTodo(page, title, js);
  await kept(page, ["two", "three"]);
  // The call to take over, two contexts, the pages and their frame are let through; each part of it is held back.
  await page.addInitScript(() => {
    const { setTimeout } = window;
    let tasks = 0;
    const isHeldBack = (after?: number) => {
      const is = !after && (tasks += 1) > 5 && !document.documentElement.hasAttribute("data-hydrated");
      if (is) document.documentElement.dataset.heldBack = "";
      return is;
    };
    window.setTimeout = ((task: () => void, after?: number) => (isHeldBack(after) ? 0 : setTimeout(task, after))) as typeof setTimeout;
  });
  const finder = page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: "Find" });
  for (const press of [
    () => page.getByRole("link", { name: "two" }).click(),
    () => page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: /Today/ }).click(),
    () => page.getByRole("navigation", { name: "Your lists" }).getByRole("link", { name: "Trash" }).click(),
    // By hand: it moves up as all is taken over, and is pressed all the same.
    async () => {
      const { x, y, width, height } = (await finder.boundingBox())!;
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.mouse.down();
      await page.mouse.up();
    },
  ]) {
    await page.goto(list);
    await expect(page.locator("html[data-held-back]")).toHaveCount(1);
    await expect(page.locator("html")).not.toHaveAttribute("data-hydrated");
    await press();
    await expect(page.locator("html")).toHaveAttribute("data-hydrated");
    await expect(page.getByLabel("Title").or(todo(page, "one")).or(page.getByRole("heading", { name: "Trash" })).or(page.getByRole("dialog"))).toBeVisible();
  }
  // To drag a row, too: it is taken hold of by what is done first, which is no click yet.
  await page.goto(list);
  await expect(page.locator("html[data-held-back]")).toHaveCount(1);
  const [grip, above] = [(await todo(page, "three").locator(".grip").boundingBox())!, (await todo(page, "two").boundingBox())!];
  await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
  await page.mouse.down();
  await page.mouse.move(grip.x + grip.width / 2, above.y + 2, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => openTodos(page)).toEqual(["three", "two"]);
});

test("a list of more than a page grows where it stands", async ({ page, js }) => {
  const titles = Array.from({ length: 520 }, (_, index) => `todo ${index}`);
  await pasteTodos(page, titles);
  await expect(count(page)).toHaveText(/^520/);
  await sent(page);
  await expect(async () => {
    await page.reload();
    await taken(page, js);
    await expect(count(page)).toHaveText(/^520/, { timeout: 1_000 });
  }).toPass();
  await expect(page.locator(".todos li")).toHaveCount(500);
  await page.getByRole("button", { name: "More todos" }).click();
  await expect(page.locator(".todos li")).toHaveCount(520);
  await expect(page.getByRole("button", { name: "More todos" })).toBeHidden();
  // What is added stands at the very end, behind what was not shown yet.
  await page.reload();
  await taken(page, js);
  await addTodo(page, "the last", js);
  await expect(page.locator(".todos li")).toHaveCount(521);
  expect((await openTodos(page)).at(-1)).toBe("the last");
  await page.getByRole("checkbox", { name: "todo 519" }).click();
  await expect(page.getByText("Done (1)")).toBeVisible();
  // What is done to it while the others are read is not taken back by them.
  await sent(page);
  await page.reload();
  await taken(page, js);
  const others = await holdAnswer(page, "**/see_list");
  await addTodo(page, "one more", js);
  await others.answered;
  await page.getByRole("checkbox", { name: "one more" }).click();
  await sent(page);
  others.release();
  await expect(page.locator(".todos li")).toHaveCount(522);
  expect(await openTodos(page)).not.toContain("one more");
});
