//! Todos.

use std::time::Duration;

use docket::accounts::User;
use docket::error::{Code, Error, Problem};
use docket::lists::service as lists;
use docket::order::LONGEST;
use docket::paging::{Order, Wanted};
use docket::rows::{Expected, Place};
use docket::search::Needle;
use docket::todos::service::{
    Batch, Change, New, Query, Sort, batch, change, change_telling, clear_done, create, create_all, delete, get, page,
    page_beside_lists,
};
use docket::todos::{Notes, Title, Todo};
use uuid::Uuid;

use crate::support::{World, new_todo, refused};

fn done(done: bool) -> Change {
    Change { done: Some(done), ..Change::default() }
}

fn to(place: Place) -> Change {
    Change { place: Some(place), ..Change::default() }
}

#[tokio::test]
async fn todos_are_added_edited_and_done() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "a").await;
    let todo = world.todo(&ann, &list, "Milk").await;
    let wanted = Change {
        title: Some(Title::parse("Oat milk").unwrap()),
        notes: Some(Notes::parse("two\nlitres").unwrap()),
        ..Change::default()
    };
    let edited = change(&world.docket, ann.id, todo.id, wanted, &Expected::version(1)).await.unwrap();
    assert_eq!((edited.title.as_str(), edited.notes.as_str(), edited.version), ("Oat milk", "two\nlitres", 2));
    assert!(change(&world.docket, ann.id, todo.id, done(true), &Expected::Any).await.unwrap().done_at.is_some());
    let counted = lists::get(&world.docket, ann.id, list.id).await.unwrap();
    assert_eq!((counted.open_count, counted.done_count), (0, 1));
    assert!(change(&world.docket, ann.id, todo.id, done(false), &Expected::Any).await.unwrap().done_at.is_none());
}

#[tokio::test]
async fn a_change_tells_what_it_replaced_whoever_wrote_it() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "a").await;
    let todo = world.todo(&ann, &list, "Milk").await;
    let titled = |title: &str| Change { title: Some(Title::parse(title).unwrap()), ..Change::default() };
    let replaced = async |title: &str| {
        let told = change_telling(&world.docket, ann.id, todo.id, titled(title), &Expected::Any).await.unwrap();
        (told.before.title, told.before.version, told.now.title, told.now.version)
    };
    assert_eq!(replaced("Bread").await, ("Milk".into(), 1, "Bread".into(), 2));
    assert_eq!(replaced("Salt").await, ("Bread".into(), 2, "Salt".into(), 3));
    assert_eq!(replaced("Salt").await, ("Salt".into(), 3, "Salt".into(), 3), "nothing changed");
    let gone = delete(&world.docket, ann.id, todo.id, &Expected::Any).await.unwrap();
    assert_eq!((gone.title.as_str(), gone.version), ("Salt", 3));
}

#[tokio::test]
async fn todos_move_up_down_first_and_behind_another() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let mut all = Vec::new();
    for title in ["a", "b", "c", "d"] {
        all.push(world.todo(&ann, &list, title).await);
    }
    for (which, place, expected) in [
        (0, Place::Down, ["b", "a", "c", "d"]),
        (3, Place::Up, ["b", "a", "d", "c"]),
        (2, Place::First, ["c", "b", "a", "d"]),
        (2, Place::Up, ["c", "b", "a", "d"]),
        (2, Place::After(all[0].id), ["b", "a", "c", "d"]),
        (1, Place::Last, ["a", "c", "d", "b"]),
    ] {
        change(&world.docket, ann.id, all[which].id, to(place), &Expected::Any).await.unwrap();
        assert_eq!(world.titles(&ann, &list).await, expected, "{which} {place:?}");
    }
}

#[tokio::test]
async fn a_step_passes_over_todos_that_are_shown_apart() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let a = world.todo(&ann, &list, "a").await;
    let b = world.todo(&ann, &list, "b").await;
    world.todo(&ann, &list, "c").await;
    change(&world.docket, ann.id, b.id, done(true), &Expected::Any).await.unwrap();
    change(&world.docket, ann.id, a.id, to(Place::Down), &Expected::Any).await.unwrap();
    assert_eq!(world.titles(&ann, &list).await, ["b", "c", "a"]);
}

#[tokio::test]
async fn a_thousand_moves_into_one_gap_keep_the_order_and_bounded_keys() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let first = world.todo(&ann, &list, "first").await;
    let mut movers = Vec::new();
    for title in ["x", "y", "z"] {
        movers.push(world.todo(&ann, &list, title).await);
    }
    for n in 0..1000 {
        let moved = &movers[n % 3];
        change(&world.docket, ann.id, moved.id, to(Place::After(first.id)), &Expected::Any).await.unwrap();
        if n % 100 == 99 {
            let expected = ["first", &movers[n % 3].title, &movers[(n + 2) % 3].title, &movers[(n + 1) % 3].title];
            assert_eq!(world.titles(&ann, &list).await, expected);
        }
    }
    let mut conn = world.docket.db.read().await.unwrap();
    let sql = "select cast(max(length(position)) as bigint) from todos";
    let longest: i64 = docket::each_engine!(conn, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
    assert!(usize::try_from(longest).unwrap() <= LONGEST);
}

#[tokio::test]
async fn moving_one_todo_writes_one_row() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    for n in 0..20 {
        world.todo(&ann, &list, &n.to_string()).await;
    }
    let before = world.todos(&ann, &list).await;
    change(&world.docket, ann.id, before[15].id, to(Place::First), &Expected::Any).await.unwrap();
    let after = world.todos(&ann, &list).await;
    let raised = after.iter().filter(|todo| todo.version > 1).count();
    assert_eq!(raised, 1);
}

#[tokio::test]
async fn a_todo_moves_to_the_end_of_another_list() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let (here, there) = (world.list(&ann, "here").await, world.list(&ann, "there").await);
    let todo = world.todo(&ann, &here, "mover").await;
    world.todo(&ann, &there, "resident").await;
    let wanted = Change { list: Some(there.id), ..Change::default() };
    assert_eq!(change(&world.docket, ann.id, todo.id, wanted, &Expected::Any).await.unwrap().list_id, there.id);
    assert!(world.titles(&ann, &here).await.is_empty());
    assert_eq!(world.titles(&ann, &there).await, ["resident", "mover"]);
}

#[tokio::test]
async fn a_stale_edit_changes_nothing_and_says_so() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let todo = world.todo(&ann, &list, "a").await;
    let title = |text| Change { title: Some(Title::parse(text).unwrap()), ..Change::default() };
    change(&world.docket, ann.id, todo.id, title("b"), &Expected::version(1)).await.unwrap();
    assert_eq!(
        refused(change(&world.docket, ann.id, todo.id, title("c"), &Expected::version(1)).await).code(),
        Code::VersionConflict
    );
    assert_eq!(world.titles(&ann, &list).await, ["b"]);
}

#[tokio::test]
async fn a_repeated_create_makes_one_todo() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let list = world.list(&ann, "l").await;
    let new = new_todo(list.id, "once");
    let first = create(&world.docket, ann.id, new.clone()).await.unwrap();
    assert!(first.is_new);
    let again = create(&world.docket, ann.id, new.clone()).await.unwrap();
    assert_eq!((again.row, again.is_new), (first.row, false));
    let theirs = world.list(&bob, "theirs").await;
    let stolen = docket::todos::service::New { list: theirs.id, ..new };
    assert_eq!(refused(create(&world.docket, bob.id, stolen).await).code(), Code::IdTaken);
}

async fn all_pages(world: &World, user: &User, query: &Query, limit: usize) -> Vec<String> {
    let (mut seen, mut wanted) = (Vec::new(), Wanted::first(limit));
    loop {
        let stretch = page(&world.docket, user.id, query, &wanted).await.unwrap();
        assert!(stretch.rows.len() <= limit);
        seen.extend(stretch.rows.into_iter().map(|todo| todo.title));
        wanted.cursor = stretch.next;
        if wanted.cursor.is_none() {
            return seen;
        }
    }
}

#[tokio::test]
async fn long_lists_come_in_pages_that_miss_nothing_in_every_order() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    for n in 0..25 {
        world.wait(Duration::from_millis(1));
        world.todo(&ann, &list, &format!("{n:02}")).await;
    }
    let all = world.titles(&ann, &list).await;
    assert_eq!(all.len(), 25);
    for sort in [Sort::Position, Sort::CreatedAt, Sort::UpdatedAt] {
        for limit in [1, 7, 25, 100] {
            let ascending = Query { sort, ..Query::list(list.id) };
            assert_eq!(all_pages(&world, &ann, &ascending, limit).await, all, "{sort:?} {limit}");
            let descending = Query { order: Order::Descending, ..ascending };
            let mut backwards = all_pages(&world, &ann, &descending, limit).await;
            backwards.reverse();
            assert_eq!(backwards, all, "{sort:?} {limit}");
        }
    }
}

#[tokio::test]
async fn pages_stay_true_while_todos_come_and_go() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let mut all = Vec::new();
    for title in ["a", "b", "c", "d"] {
        all.push(world.todo(&ann, &list, title).await);
    }
    let query = Query::list(list.id);
    let first = page(&world.docket, ann.id, &query, &Wanted::first(2)).await.unwrap();
    let new = New { place: Place::First, ..new_todo(list.id, "before") };
    create(&world.docket, ann.id, new).await.unwrap();
    let new = New { place: Place::After(all[2].id), ..new_todo(list.id, "between") };
    create(&world.docket, ann.id, new).await.unwrap();
    delete(&world.docket, ann.id, all[1].id, &Expected::Any).await.unwrap();
    let second = page(&world.docket, ann.id, &query, &Wanted { cursor: first.next, limit: 10 }).await.unwrap();
    let titles: Vec<_> = second.rows.iter().map(|todo| todo.title.as_str()).collect();
    assert_eq!(titles, ["c", "between", "d"], "behind the last row seen, though it is gone");
}

#[tokio::test]
async fn a_cursor_of_another_query_or_person_opens_nothing() {
    let world = World::new().await;
    let (ann, eve) = (world.user("ann").await, world.user("eve").await);
    let list = world.list(&ann, "l").await;
    for title in ["a", "b"] {
        world.todo(&ann, &list, title).await;
    }
    let everywhere = Query { list: None, sort: Sort::CreatedAt, ..Query::list(list.id) };
    let next = page(&world.docket, ann.id, &everywhere, &Wanted::first(1)).await.unwrap().next;
    let wanted = Wanted { cursor: next, limit: 1 };
    assert!(page(&world.docket, ann.id, &everywhere, &wanted).await.is_ok());
    for (user, query) in [
        (&eve, everywhere.clone()),
        (&ann, Query { done: Some(false), ..everywhere.clone() }),
        (&ann, Query::list(list.id)),
    ] {
        let error = refused(page(&world.docket, user.id, &query, &wanted).await);
        assert!(matches!(&error, Error::Invalid(fields) if fields.0["cursor"] == [Problem::Malformed]), "{error}");
    }
}

#[tokio::test]
async fn the_page_of_a_list_shows_what_is_read_of_its_todos_one_by_one_and_of_all_lists() {
    let world = World::new().await;
    let (ann, eve) = (world.user("ann").await, world.user("eve").await);
    let (list, _) = (world.list(&ann, "\"l\"").await, world.list(&ann, "empty").await);
    world.list(&eve, "not ann's").await;
    for title in ["a", "\"b\"", "ç\\🦀", "d", "e"] {
        let new = New { notes: Notes::parse("two\n\"lines\"").unwrap(), ..new_todo(list.id, title) };
        let todo = create(&world.docket, ann.id, new).await.unwrap().row;
        if title != "d" {
            change(&world.docket, ann.id, todo.id, done(true), &Expected::Any).await.unwrap();
        }
    }
    let everything = lists::all(&world.docket, ann.id).await.unwrap();
    let (mut shown, mut wanted) = (Vec::new(), Wanted::first(2));
    loop {
        let (all, todos) = page_beside_lists(&world.docket, ann.id, list.id, &wanted).await.unwrap();
        assert_eq!(all, everything);
        let todos = todos.unwrap();
        shown.push(todos.rows.len());
        let same = page(&world.docket, ann.id, &Query::list(list.id), &wanted).await.unwrap();
        assert_eq!(todos.rows, same.rows.into_iter().map(Todo::from).collect::<Vec<_>>());
        assert_eq!(todos.next, same.next);
        wanted.cursor = todos.next;
        if wanted.cursor.is_none() {
            break;
        }
    }
    assert_eq!(shown, [2, 2, 1]);
}

#[tokio::test]
async fn where_the_page_of_a_list_cannot_be_shown_all_lists_are() {
    let world = World::new().await;
    let (ann, eve) = (world.user("ann").await, world.user("eve").await);
    let (list, theirs) = (world.list(&ann, "l").await, world.list(&eve, "not ann's").await);
    world.todo(&eve, &theirs, "not ann's").await;
    let malformed = Wanted { cursor: Some("malformed".into()), limit: 2 };
    for (list, wanted, code) in [
        (list.id, &malformed, Code::ValidationFailed),
        (theirs.id, &Wanted::first(2), Code::NotFound),
        (Uuid::now_v7(), &Wanted::first(2), Code::NotFound),
    ] {
        let (all, page) = page_beside_lists(&world.docket, ann.id, list, wanted).await.unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(refused(page).code(), code);
    }
    let (_, page) = page_beside_lists(&world.docket, ann.id, list.id, &Wanted::first(2)).await.unwrap();
    assert_eq!(page.unwrap().rows, []);
}

#[tokio::test]
async fn todos_are_found_across_lists_by_text_and_state() {
    let world = World::new().await;
    let (ann, eve) = (world.user("ann").await, world.user("eve").await);
    let (one, two) = (world.list(&ann, "one").await, world.list(&ann, "two").await);
    let brulee = world.todo(&ann, &one, "Crème brûlée").await;
    let sugar = world.todo(&ann, &two, "Sugar 100%").await;
    world.todo(&eve, &world.list(&eve, "l").await, "Crème of hers").await;
    let notes = Change { notes: Some(Notes::parse("for the CREME").unwrap()), ..Change::default() };
    change(&world.docket, ann.id, sugar.id, notes, &Expected::Any).await.unwrap();
    change(&world.docket, ann.id, brulee.id, done(true), &Expected::Any).await.unwrap();
    let all = Query { list: None, sort: Sort::CreatedAt, ..Query::list(one.id) };
    let text = |text| Query { text: Some(Needle::new(text)), ..all.clone() };
    for (query, expected) in [
        (text("creme"), vec!["Crème brûlée", "Sugar 100%"]),
        (text("BRULEE"), vec!["Crème brûlée"]),
        (text("100%"), vec!["Sugar 100%"]),
        (text("1%0"), vec![]),
        (Query { done: Some(true), ..text("creme") }, vec!["Crème brûlée"]),
        (Query { done: Some(false), ..all.clone() }, vec!["Sugar 100%"]),
    ] {
        assert_eq!(all_pages(&world, &ann, &query, 1).await, expected, "{query:?}");
    }
    lists::delete(&world.docket, ann.id, one.id, &Expected::Any).await.unwrap();
    assert_eq!(all_pages(&world, &ann, &text("creme"), 10).await, ["Sugar 100%"], "not in a deleted list");
}

#[tokio::test]
async fn rows_from_before_there_was_a_search_are_found_after_a_start() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "Älter").await;
    world.todo(&ann, &list, "Öl").await;
    for sql in ["update lists set search = null", "update todos set search = null"] {
        let mut tx = world.docket.db.write().await.unwrap();
        docket::execute!(tx, sqlx::query(sql)).unwrap();
        tx.commit().await.unwrap();
    }
    let world = world.restarted().await;
    let query = Query { text: Some(Needle::new("ol")), ..Query::list(list.id) };
    assert_eq!(all_pages(&world, &ann, &query, 10).await, ["Öl"]);
    let named = lists::Query { name: Some(Needle::new("alter")), ..lists::Query::default() };
    assert_eq!(lists::page(&world.docket, ann.id, &named, &Wanted::first(10)).await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn a_batch_changes_all_or_nothing() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let (list, other) = (world.list(&ann, "l").await, world.list(&ann, "other").await);
    let a = world.todo(&ann, &list, "a").await;
    let b = world.todo(&ann, &list, "b").await;
    let c = world.todo(&ann, &list, "c").await;
    let elsewhere = world.todo(&ann, &other, "elsewhere").await;
    change(&world.docket, ann.id, b.id, done(true), &Expected::Any).await.unwrap();
    let before = world.todos(&ann, &list).await;
    for (wrong, field, problem) in [
        (Batch { done: vec![a.id], delete: vec![elsewhere.id], ..Batch::default() }, "delete", Problem::Unknown),
        (Batch { done: vec![a.id], reopen: vec![a.id], ..Batch::default() }, "reopen", Problem::Duplicate),
        (Batch { delete: (0..501).map(|_| Uuid::now_v7()).collect(), ..Batch::default() }, "delete", Problem::TooMany),
    ] {
        let error = refused(batch(&world.docket, ann.id, list.id, &wrong).await);
        assert!(matches!(&error, Error::Invalid(fields) if fields.0[field] == [problem]), "{error}");
        assert_eq!(world.todos(&ann, &list).await, before);
    }
    let wanted = Batch { done: vec![a.id], reopen: vec![b.id], delete: vec![c.id] };
    let changed = batch(&world.docket, ann.id, list.id, &wanted).await.unwrap();
    assert_eq!(changed, world.todos(&ann, &list).await);
    let states: Vec<_> = changed.iter().map(|todo| (todo.title.as_str(), todo.done_at.is_some())).collect();
    assert_eq!(states, [("a", true), ("b", false)]);
}

#[tokio::test]
async fn clearing_takes_the_done_ones_only() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    for title in ["a", "b", "c"] {
        let todo = world.todo(&ann, &list, title).await;
        change(&world.docket, ann.id, todo.id, done(title != "b"), &Expected::Any).await.unwrap();
    }
    assert_eq!(clear_done(&world.docket, ann.id, list.id).await.unwrap(), 2);
    assert_eq!(world.titles(&ann, &list).await, ["b"]);
}

#[tokio::test]
async fn somebody_elses_todo_is_not_there() {
    let world = World::new().await;
    let (ann, eve) = (world.user("ann").await, world.user("eve").await);
    let list = world.list(&ann, "l").await;
    let theirs = world.list(&eve, "theirs").await;
    let todo = world.todo(&ann, &list, "secret").await;
    let evil = world.todo(&eve, &theirs, "evil").await;
    let into_ours = Change { list: Some(list.id), ..Change::default() };
    for answer in [
        refused(page(&world.docket, eve.id, &Query::list(list.id), &Wanted::first(10)).await),
        refused(get(&world.docket, eve.id, todo.id).await),
        refused(batch(&world.docket, eve.id, list.id, &Batch::default()).await),
        refused(create(&world.docket, eve.id, new_todo(list.id, "x")).await),
        refused(change(&world.docket, eve.id, todo.id, done(true), &Expected::Any).await),
        refused(change(&world.docket, eve.id, evil.id, into_ours, &Expected::Any).await),
        refused(delete(&world.docket, eve.id, todo.id, &Expected::Any).await),
        refused(clear_done(&world.docket, eve.id, list.id).await),
    ] {
        assert_eq!(answer.code(), Code::NotFound);
    }
    assert_eq!(world.todos(&ann, &list).await, [todo]);
}

#[tokio::test]
async fn several_todos_are_added_all_or_none_and_once() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "a").await;
    let first = world.todo(&ann, &list, "first").await;
    let news: Vec<New> = ["b", "c", "d"].map(|title| new_todo(list.id, title)).into();
    for _again in 0..2 {
        let made = create_all(&world.docket, ann.id, news.clone()).await.unwrap();
        let titles: Vec<_> = made.iter().map(|todo| todo.title.as_str()).collect();
        assert_eq!(titles, ["b", "c", "d"]);
    }
    assert_eq!(all_pages(&world, &ann, &Query::list(list.id), 10).await, ["first", "b", "c", "d"]);
    let nowhere = new_todo(Uuid::now_v7(), "e");
    let half = vec![new_todo(list.id, "f"), nowhere];
    assert_eq!(refused(create_all(&world.docket, ann.id, half).await).code(), Code::NotFound);
    let bob = world.user("bob").await;
    let stolen = New { id: first.id, ..new_todo(world.list(&bob, "b").await.id, "stolen") };
    assert_eq!(refused(create_all(&world.docket, bob.id, vec![stolen]).await).code(), Code::IdTaken);
    assert_eq!(all_pages(&world, &ann, &Query::list(list.id), 10).await, ["first", "b", "c", "d"]);
}

#[tokio::test]
async fn what_is_found_by_text_is_what_changed_last_first() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "a").await;
    let mut all = Vec::new();
    for title in ["Paint the fence", "Fence in the hens", "Mend the fence", "Feed the hens"] {
        all.push(world.todo(&ann, &list, title).await);
        world.wait(Duration::from_secs(1));
    }
    change(&world.docket, ann.id, all[2].id, done(true), &Expected::Any).await.unwrap();
    assert_eq!(
        all_pages(&world, &ann, &Query::text(Needle::parse("FENCE").unwrap()), 10).await,
        ["Mend the fence", "Fence in the hens", "Paint the fence"]
    );
}
